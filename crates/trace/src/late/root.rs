//! Whose end decides about an exchange.

use tower_telemetry_core::Exchange;
use tower_telemetry_core::trace_ids::TraceId;

/// The exchange that this one's trace began with in this process, as far as its callers tell; itself, if there is none.
///
/// A caller in another trace does not count: a stranger's, or one that a program began by itself.
pub(crate) fn root_of(exchange: &Exchange) -> &Exchange {
    exchange.trace().and_then(|ids| root_above(exchange, ids.trace_id)).unwrap_or(exchange)
}

/// The same, of an exchange that has no ids yet and will be of this trace; `None` if its trace begins with it.
pub(crate) fn root_above(exchange: &Exchange, trace: TraceId) -> Option<&Exchange> {
    let mut root = None;
    let mut caller = exchange.caller();
    while let Some(next) = caller {
        if next.trace().is_some_and(|ids| ids.trace_id == trace) {
            root = Some(&**next);
        }
        caller = next.caller();
    }
    root
}
