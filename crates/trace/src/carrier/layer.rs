use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tower_telemetry_core::Scope;
use tracing::span::Id;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::{FilterFn, filter_fn};
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

use super::{TARGET, slot};
use crate::tasks::Continuation;

/// The layer of a subscriber that takes up, where nothing is current, what a carrier span carries.
///
/// It stands on a [`Registry`](tracing_subscriber::Registry), in any order with other layers.
#[derive(Debug, Clone, Copy, Default)]
pub struct CarrierLayer(());

impl CarrierLayer {
    /// The layer.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

/// A filter that hides carrier spans from a layer, such as tracing-opentelemetry's; their children it sees.
#[must_use]
pub fn hide_carriers() -> FilterFn<fn(&Metadata<'_>) -> bool> {
    filter_fn(|metadata| metadata.target() != TARGET)
}

/// What a carrier carries, in its extensions.
struct Load(Continuation);

impl<S> layer::Layer<S> for CarrierLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_enter(&self, id: &Id, context: layer::Context<'_, S>) {
        if slot::is_loading() {
            let load = Load(Continuation::capture());
            if let Some(span) = context.span(id) {
                let _ = span.extensions_mut().replace(load);
            }
        } else if Scope::is_current_nobody()
            && let Some(carried) = carried(id, &context)
        {
            slot::take_up(id, &carried);
        }
    }

    fn on_exit(&self, id: &Id, _: layer::Context<'_, S>) {
        slot::lay_down(id);
    }
}

/// What the nearest carrier around a span carries.
fn carried<S>(id: &Id, context: &layer::Context<'_, S>) -> Option<Continuation>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let carried = context
        .span_scope(id)?
        .find_map(|span| span.extensions().get::<Load>().map(|load| load.0.clone()))?;
    // Another layer may have attached the context of a span further in already; where it does so
    // after this one, it attaches on top.
    let here = Context::current();
    let is_further_in =
        here.span().span_context().trace_id() == carried.context().span().span_context().trace_id();
    Some(if is_further_in { Continuation::new(carried.scope().clone(), here) } else { carried })
}
