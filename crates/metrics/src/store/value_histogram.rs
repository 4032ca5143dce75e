//! Whole numbers counted into buckets.

use std::sync::Arc;

use tower_telemetry_core::TraceIds;

use super::buckets::Buckets;
use super::clock::Clock;
use super::family_snapshot::FamilySnapshot;
use super::layout::Layout;
use super::measure::Measure;
use super::read::Read;
use super::tally::Tally;

/// A histogram of whole numbers, such as bytes or items: as cheap as one of durations, and its sum is exact.
///
/// ```
/// use tower_telemetry_metrics::{Bounds, Descriptor, Place, Store};
///
/// let store = Store::new();
/// let size = Descriptor::new("shop.basket.size", "By", "Size of a basket.");
/// let size = store.value_histogram_family::<()>(size, Bounds::from_values(&[1024.0, 65536.0])?)?;
/// size.series(&(), Place::Known).record(2000);
/// assert_eq!(store.snapshot().histogram("shop.basket.size", &[]).map(|size| size.sum()), Some(2000.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ValueHistogram {
    tally: Tally,
}

impl ValueHistogram {
    /// An empty histogram.
    pub fn new(buckets: impl Into<Buckets>) -> Self {
        Self::with_layout(Layout::new(Measure::Whole, buckets.into(), Clock::system()))
    }

    /// Counts one number. The sum wraps at `u64::MAX`, which a reader of rates takes for a restart.
    #[inline]
    pub fn record(&self, value: u64) {
        self.tally.record(value);
    }

    /// Counts one number, which a request of this trace had; see
    /// [`Histogram::record_with`](super::Histogram::record_with).
    #[inline]
    pub fn record_with(&self, value: u64, trace: Option<&TraceIds>) {
        self.tally.record_with(value, trace);
    }

    /// The number of recordings.
    pub fn count(&self) -> u64 {
        self.tally.count()
    }

    pub(crate) fn with_layout(layout: Arc<Layout>) -> Self {
        Self { tally: Tally::new(layout) }
    }
}

impl Read for ValueHistogram {
    fn read(&self, family: &mut FamilySnapshot) {
        self.tally.read(family);
    }

    fn mark(&self) -> u64 {
        self.tally.count()
    }
}
