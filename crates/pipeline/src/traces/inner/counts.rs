//! What was lost for want of room, and how much room is taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Descriptor, Sample, Store};

use super::limits::{Limit, PROCESS_BYTES};

const DROPPED: Descriptor = Descriptor::of(metric::INNER_SPANS_DROPPED);
const SIZE: Descriptor = Descriptor::of(metric::INNER_SPANS_SIZE);

/// The room of all requests together.
#[derive(Debug, Default)]
pub(super) struct Counts {
    bytes: AtomicUsize,
    dropped: [AtomicU64; Limit::ALL.len()],
}

impl Counts {
    /// Takes room; `false`, and none is taken, if there is not so much.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let more = |taken: usize| taken.checked_add(bytes).filter(|taken| *taken <= PROCESS_BYTES);
        self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// Gives back what was taken.
    pub(super) fn give_back(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// How much is taken.
    pub(super) fn taken(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn lose(&self, limit: Limit) {
        if let Some(count) = self.dropped.get(limit as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn lost(&self, limit: Limit) -> u64 {
        self.dropped.get(limit as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    pub(super) fn tell(self: &Arc<Self>, store: &Store) {
        let counts = Arc::clone(self);
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            for limit in Limit::ALL {
                out(Sample::counter(&DROPPED, &[(attribute::REASON, limit.as_str())], counts.lost(limit)));
            }
            out(Sample::gauge(&SIZE, &[], u64::try_from(counts.taken()).unwrap_or(u64::MAX)));
        });
    }
}
