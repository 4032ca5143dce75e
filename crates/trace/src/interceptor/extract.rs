use http::{Extensions, HeaderName};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tonic::service::Interceptor;
use tonic::{Request, Status};
use tower_telemetry_core::names::header::X_REQUEST_ID;
use tower_telemetry_core::{Trust, current};

use crate::tasks::Continuation;

/// Reads the context of a caller from the metadata of its call and leaves it in the request's extensions, for
/// [`Continuation::of`]. See the [module](super) for what it cannot do.
///
/// Read strictly: what is malformed is as good as absent. It never refuses a call.
#[derive(Debug, Clone)]
pub struct ExtractContext {
    trust: Trust,
    id_header: HeaderName,
}

impl ExtractContext {
    /// The interceptor, which believes callers.
    #[must_use]
    pub const fn new() -> Self {
        Self { trust: Trust::Parent, id_header: X_REQUEST_ID }
    }

    /// Believes callers in this way. Strangers' contexts are not continued: with [`Trust::Link`] as with
    /// [`Trust::Never`] nothing is taken, since there is no span here that could have a link.
    #[must_use]
    pub const fn with_trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// Reads the request id from this header in place of `x-request-id`.
    #[must_use]
    pub fn with_request_id_header(mut self, header: HeaderName) -> Self {
        self.id_header = header;
        self
    }
}

impl Default for ExtractContext {
    fn default() -> Self {
        Self::new()
    }
}

impl Interceptor for ExtractContext {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let continuation = if current().is_some() || Context::current().span().span_context().is_valid() {
            // A layer further out knows better.
            Continuation::capture()
        } else if self.trust == Trust::Parent {
            Continuation::read(&self.id_header, request.metadata().as_ref())
        } else {
            Continuation::default()
        };
        request.extensions_mut().insert(continuation);
        Ok(request)
    }
}

impl Continuation {
    /// What [`ExtractContext`] left in the extensions of a request; what is current now, where it did not.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(Self::capture)
    }
}
