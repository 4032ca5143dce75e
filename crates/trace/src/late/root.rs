//! Whose end decides about an exchange.

use tower_telemetry_core::Exchange;

/// The exchange that this one's trace began with in this process, as far as its callers tell; itself, if there is none.
///
/// A caller in another trace does not count: a stranger's, or one that a program began by itself.
pub(crate) fn root_of(exchange: &Exchange) -> &Exchange {
    let trace = exchange.trace().map(|ids| ids.trace_id);
    let mut root = exchange;
    let mut caller = exchange.caller();
    while let Some(next) = caller {
        if next.trace().map(|ids| ids.trace_id) == trace {
            root = next;
        }
        caller = next.caller();
    }
    root
}
