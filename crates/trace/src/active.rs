//! The span that is active on this thread, for those who only need its ids.

use std::panic;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tower_telemetry_core::TraceIds;

use crate::propagation::ids_of;

/// The ids of the OpenTelemetry span that is active on this thread, recording or not; `None` without one.
///
/// For a log layer, whose lines then name the same span as log records that OpenTelemetry exports:
/// `JsonLayer::with_active_span(active_span)`. It allocates nothing. Never panics.
#[must_use]
pub fn active_span() -> Option<TraceIds> {
    // OpenTelemetry's slot panics once its thread has torn it down, and a line may be logged even later than that.
    let look = || {
        Context::map_current(|context| {
            if context.has_active_span() { ids_of(context.span().span_context()) } else { None }
        })
    };
    panic::catch_unwind(look).ok().flatten()
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TraceState;
    use tower_telemetry_core::trace_ids::TraceFlags;

    use super::*;
    use crate::decide::Origin;
    use crate::propagation::span_context;

    #[test]
    fn the_innermost_span_is_active_sampled_or_not() {
        assert_eq!(active_span(), None);
        let [outer, inner] = [TraceFlags::SAMPLED, TraceFlags::NONE].map(TraceIds::random);
        let attach = |ids| {
            let span = span_context(ids, Origin::Local, TraceState::NONE);
            Context::current().with_remote_span_context(span).attach()
        };
        let _outer = attach(outer);
        {
            let _inner = attach(inner);
            assert_eq!(active_span(), Some(inner));
        }
        assert_eq!(active_span(), Some(outer));
    }

    #[test]
    fn a_thread_that_ends_can_still_ask() {
        struct Last;
        impl Drop for Last {
            fn drop(&mut self) {
                let _ = active_span();
            }
        }
        thread_local!(static LAST: Last = const { Last });
        let thread = std::thread::spawn(|| {
            // Registered first, and therefore dropped after OpenTelemetry's slot.
            LAST.with(|_| ());
            let _ = active_span();
        });
        assert!(thread.join().is_ok());
    }
}
