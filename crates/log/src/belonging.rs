//! To whom an event belongs, for layers that others write.

use std::sync::Arc;

use tower_telemetry_core::{Exchange, RequestId, Scope, TraceIds};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

use crate::active_span::ActiveSpan;
use crate::context::Context;
use crate::kept::scope_of;

/// The exchange, or other work, that an event belongs to: what a [line](crate#whose-line-it-is) of it says, for a layer
/// that tells the event elsewhere.
///
/// What a span was made in is known where a [`JsonLayer`](crate::JsonLayer) stands in the same subscriber.
#[derive(Debug)]
pub struct Belonging {
    scope: Scope,
    context: Context,
}

impl Belonging {
    /// To whom this event belongs. `active_span` is as of
    /// [`JsonLayer::with_active_span`](crate::JsonLayer::with_active_span).
    #[must_use]
    pub fn of<S>(
        event: &Event<'_>,
        context: &layer::Context<'_, S>,
        active_span: fn() -> Option<TraceIds>,
    ) -> Self
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let scope = scope_of(event, context);
        Self { context: Context::new(scope.clone(), ActiveSpan::by(active_span)), scope }
    }

    /// The trace, and the span that is active in it.
    #[must_use]
    pub fn ids(&self) -> Option<&TraceIds> {
        self.context.ids()
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&RequestId> {
        self.scope.request_id()
    }

    /// The span of another trace that asked for the work.
    #[must_use]
    pub fn linked(&self) -> Option<&TraceIds> {
        self.scope.linked()
    }

    /// The exchange, if it is one.
    #[must_use]
    pub fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.scope.exchange()
    }
}
