//! What the layer keeps of a span for the lines within it.

use tower_telemetry_core::Scope;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

use crate::fragment::Fragment;

/// One value, since the registry boxes each value that is kept of a span.
#[derive(Debug)]
pub(crate) struct Kept {
    /// For whom the thread worked when the span was made.
    pub(crate) scope: Scope,
    /// The fields of the span so far.
    pub(crate) fields: Fragment,
}

/// For whom this event happens: for whoever the explicit parent was made; else for whom the thread works; else for
/// whoever the nearest span was made that was made for somebody.
///
/// An explicit parent is the word of the program, while its thread may be that of a pool. The spans around an event
/// are only a guess, good where a task was spawned without its exchange but within its span.
pub(crate) fn scope_of<S>(event: &Event<'_>, context: &layer::Context<'_, S>) -> Scope
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if event.parent().is_some() {
        return captured(event, context).unwrap_or_else(Scope::current);
    }
    let scope = Scope::current();
    if scope.is_nobody() { captured(event, context).unwrap_or_default() } else { scope }
}

fn captured<S>(event: &Event<'_>, context: &layer::Context<'_, S>) -> Option<Scope>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    context.event_scope(event)?.find_map(|span| {
        let extensions = span.extensions();
        let scope = &extensions.get::<Kept>()?.scope;
        (!scope.is_nobody()).then(|| scope.clone())
    })
}
