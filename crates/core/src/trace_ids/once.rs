//! A place for the ids of a trace, written once.

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::trace_ids::flags::TraceFlags;
use crate::trace_ids::ids::TraceIds;
use crate::trace_ids::span_id::SpanId;
use crate::trace_ids::trace_id::TraceId;

/// Nobody has told.
const EMPTY: u8 = 0;
/// Somebody is telling: whoever looks meanwhile sees nothing yet.
const BUSY: u8 = 0x40;
/// Told; the flags stand in the lowest bits.
const TOLD: u8 = 0x80;

/// A place for ids: the first to tell is heard.
///
/// Nearly every exchange has ids, and a `OnceLock`, which lets others wait, costs four times as much to write.
pub(crate) struct OnceIds {
    state: AtomicU8,
    trace: [AtomicU64; 2],
    span: AtomicU64,
}

impl OnceIds {
    pub(crate) const fn new() -> Self {
        Self { state: AtomicU8::new(EMPTY), trace: [const { AtomicU64::new(0) }; 2], span: AtomicU64::new(0) }
    }

    pub(crate) fn get(&self) -> Option<TraceIds> {
        // Pairs with the release: whoever sees that the ids are told sees them.
        let state = self.state.load(Ordering::Acquire);
        if state & TOLD == 0 {
            return None;
        }
        let [high, low] = self.trace.each_ref().map(|word| word.load(Ordering::Relaxed));
        Some(TraceIds {
            trace_id: TraceId::of_words(high, low)?,
            span_id: SpanId::from_bytes(self.span.load(Ordering::Relaxed).to_be_bytes())?,
            flags: TraceFlags::from_byte(state),
        })
    }

    pub(crate) fn set(&self, ids: TraceIds) {
        if self.state.compare_exchange(EMPTY, BUSY, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let trace = u128::from_be_bytes(ids.trace_id.to_bytes());
        let [high, low] = &self.trace;
        high.store((trace >> 64) as u64, Ordering::Relaxed);
        low.store(trace as u64, Ordering::Relaxed);
        self.span.store(u64::from_be_bytes(ids.span_id.to_bytes()), Ordering::Relaxed);
        self.state.store(TOLD | ids.flags.to_byte(), Ordering::Release);
    }
}

impl fmt::Debug for OnceIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_tell_is_heard_to_the_bit() {
        for flags in 0..4 {
            let place = OnceIds::new();
            assert_eq!(place.get(), None);
            let [first, second] = [0, 1].map(|_| TraceIds {
                flags: TraceFlags::from_byte(flags),
                ..TraceIds::random(TraceFlags::NONE)
            });
            place.set(first);
            place.set(second);
            assert_eq!(place.get(), Some(first));
        }
    }

    #[test]
    fn those_who_look_while_ids_are_told_see_all_of_them_or_none() {
        for _ in 0..200 {
            let place = OnceIds::new();
            let told = [0, 1].map(|_| TraceIds::random(TraceFlags::SAMPLED));
            let seen = std::thread::scope(|scope| {
                for ids in told {
                    let place = &place;
                    scope.spawn(move || place.set(ids));
                }
                std::iter::repeat_with(|| place.get()).flatten().next()
            });
            assert!(seen.is_some_and(|seen| told.contains(&seen)), "{seen:?}");
            assert_eq!(place.get(), seen, "what was heard stays");
        }
    }
}
