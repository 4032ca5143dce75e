//! The cases of the public harness of W3C Trace Context at level 2, strict, over real HTTP against the relay.
//!
//! Each test bears the name of its case. The harness asks the relay to post back to it, and looks at what came.

mod advanced;
mod drive;
mod flags;
mod ids;
mod presence;
mod state;
mod state_limits;
mod versions;

pub(crate) use drive::{Context, Harness};

/// The trace and the parent that the harness sends.
pub(crate) const TRACE: &str = "12345678901234567890123456789012";
pub(crate) const PARENT: &str = "1234567890123456";
/// Its `traceparent`, not sampled.
pub(crate) const UNSAMPLED: (&str, &str) =
    ("traceparent", "00-12345678901234567890123456789012-1234567890123456-00");

/// What became of the harness's trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    /// The callback is in the trace that was sent, with another parent.
    Kept,
    /// The callback is in a new trace.
    New,
}

/// Sends one `traceparent`, and asserts what becomes of its trace.
#[track_caller]
pub(crate) fn check(value: &str, trace: Trace) -> impl Future<Output = ()> {
    let (caller, value) = (std::panic::Location::caller(), value.to_owned());
    async move {
        let context = Harness::new().await.send(&[("traceparent", &value)]).await;
        let is_kept = context.trace == TRACE && context.parent != PARENT;
        assert_eq!(is_kept, trace == Trace::Kept, "{value:?} gives {context:?} ({caller})");
        assert!(is_kept || context.trace != TRACE, "{value:?} gives {context:?} ({caller})");
    }
}
