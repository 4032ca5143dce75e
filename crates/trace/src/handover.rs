//! What the window hands to a tracer that takes it: the ids of the span that is being made, and its `tracestate`.
//!
//! A `SpanBuilder` of OpenTelemetry 0.33 takes no ids, and an SDK asks a sampler of its own at each
//! span. A pipeline's `IdGenerator` and `ShouldSample` look here first: what stands here was
//! decided already, and is to be recorded. For any other span there is nothing here.

use std::cell::Cell;

use opentelemetry::trace::TraceState;
use tower_telemetry_core::TraceIds;

thread_local! {
    static IDS: Cell<Option<TraceIds>> = const { Cell::new(None) };
    static STATE: Cell<Option<TraceState>> = const { Cell::new(None) };
}

/// The ids of the span that the window is making on this thread. The sampled flag is set.
#[must_use]
pub fn ids() -> Option<TraceIds> {
    IDS.try_with(Cell::get).ok().flatten()
}

/// The `tracestate` of the span that the window is making on this thread: for the sampler, which asks once.
///
/// From here on nothing is handed over, so that what a span processor makes at the start of this
/// span is not taken for it.
#[must_use]
pub fn take() -> Option<TraceState> {
    let state = STATE.try_with(Cell::take).ok().flatten();
    let _ = IDS.try_with(Cell::take);
    state
}

/// Makes a span with these handed over.
pub(crate) fn within<R>(ids: TraceIds, state: TraceState, make: impl FnOnce() -> R) -> R {
    let _ = STATE.try_with(|slot| slot.set(Some(state)));
    let _ = IDS.try_with(|slot| slot.set(Some(ids)));
    let _taken_back = TakeBack;
    make()
}

/// Leaves nothing behind for a tracer that did not ask, or panicked.
struct TakeBack;

impl Drop for TakeBack {
    fn drop(&mut self) {
        let _ = take();
    }
}

#[cfg(test)]
mod tests {
    use tower_telemetry_core::trace_ids::TraceFlags;

    use super::*;

    #[test]
    fn what_is_handed_over_is_there_until_it_is_taken_and_never_after() {
        let own = TraceIds::random(TraceFlags::SAMPLED);
        within(own, TraceState::NONE, || {
            assert_eq!(ids(), Some(own));
            assert_eq!(take(), Some(TraceState::NONE));
            assert_eq!((ids(), take()), (None, None), "a span that a processor makes has ids of its own");
        });
        within(own, TraceState::NONE, || ());
        assert_eq!((ids(), take()), (None, None), "a tracer that does not ask leaves nothing behind");
    }
}
