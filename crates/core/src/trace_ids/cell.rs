//! Ids that are told once.

#[cfg(loom)]
use loom::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
#[cfg(not(loom))]
use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::trace_ids::flags::TraceFlags;
use crate::trace_ids::ids::TraceIds;
use crate::trace_ids::span_id::SpanId;
use crate::trace_ids::trace_id::TraceId;

/// Room for the ids of one trace; the first to tell is heard.
///
/// A `OnceLock` costs a hundred instructions to write, and gives what it has by reference: this one is five words.
#[derive(Debug)]
pub(crate) struct TraceCell {
    is_claimed: AtomicBool,
    high: AtomicU64,
    low: AtomicU64,
    flags: AtomicU64,
    /// Written last; zero, which no span is named, until then.
    span: AtomicU64,
}

impl TraceCell {
    pub(crate) fn new() -> Self {
        Self {
            is_claimed: AtomicBool::new(false),
            high: AtomicU64::new(0),
            low: AtomicU64::new(0),
            flags: AtomicU64::new(0),
            span: AtomicU64::new(0),
        }
    }

    pub(crate) fn set(&self, TraceIds { trace_id, span_id, flags }: TraceIds) {
        // Nothing is read that another wrote before: who comes second writes nothing.
        if self.is_claimed.swap(true, Relaxed) {
            return;
        }
        let [high, low] = trace_id.words();
        self.high.store(high, Relaxed);
        self.low.store(low, Relaxed);
        self.flags.store(flags.to_byte().into(), Relaxed);
        // Release: who sees the span sees all of the ids.
        self.span.store(span_id.word(), Release);
    }

    /// The ids, unless nobody has told them yet.
    pub(crate) fn get(&self) -> Option<TraceIds> {
        Some(TraceIds {
            span_id: SpanId::of_word(self.span.load(Acquire))?,
            trace_id: TraceId::of_words(self.high.load(Relaxed), self.low.load(Relaxed))?,
            flags: TraceFlags::from_byte(self.flags.load(Relaxed) as u8),
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_tell_is_heard() {
        let [first, second] = [TraceFlags::SAMPLED, TraceFlags::NONE].map(TraceIds::random);
        let cell = TraceCell::new();
        assert_eq!(cell.get(), None);
        cell.set(first);
        cell.set(second);
        assert_eq!(cell.get(), Some(first));
    }
}

/// `RUSTFLAGS="--cfg loom" cargo test -p tower-telemetry-core --release --lib loom`
#[cfg(all(test, loom))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod loom_models {
    use loom::sync::Arc;
    use loom::thread;

    use super::*;

    /// Ids whose every byte tells whose they are.
    fn ids(number: u8) -> TraceIds {
        TraceIds {
            trace_id: TraceId::from_bytes([number; 16]).unwrap(),
            span_id: SpanId::from_bytes([number; 8]).unwrap(),
            flags: TraceFlags::from_byte(number),
        }
    }

    #[test]
    fn ids_are_told_whole_and_once() {
        loom::model(|| {
            let cell = Arc::new(TraceCell::new());
            let writers = [1, 2].map(|number| {
                let cell = Arc::clone(&cell);
                thread::spawn(move || cell.set(ids(number)))
            });
            let seen = cell.get();
            assert!(seen.is_none_or(|seen| seen == ids(1) || seen == ids(2)), "{seen:?}");
            writers.map(|writer| writer.join().unwrap());
            let told = cell.get().unwrap();
            assert!(seen.is_none_or(|seen| seen == told), "{seen:?} {told:?}");
        });
    }
}
