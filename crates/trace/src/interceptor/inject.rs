use http::HeaderName;
use tonic::service::Interceptor;
use tonic::{Request, Status};
use tower_telemetry_core::names::header::X_REQUEST_ID;

use crate::tasks::Continuation;

/// Writes the context that is current at a call into its metadata: `traceparent`, `tracestate` and
/// `x-request-id`, in place of any that stand there. See the [module](super) for what it cannot do.
///
/// It never refuses a call.
#[derive(Debug, Clone)]
pub struct InjectContext {
    id_header: HeaderName,
}

impl InjectContext {
    /// The interceptor.
    #[must_use]
    pub const fn new() -> Self {
        Self { id_header: X_REQUEST_ID }
    }

    /// Writes the request id into this header in place of `x-request-id`: the one that the request-id window
    /// of the program was given, if it was.
    #[must_use]
    pub fn with_request_id_header(mut self, header: HeaderName) -> Self {
        self.id_header = header;
        self
    }
}

impl Default for InjectContext {
    fn default() -> Self {
        Self::new()
    }
}

impl Interceptor for InjectContext {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        Continuation::capture().write(&self.id_header, request.metadata_mut().as_mut());
        Ok(request)
    }
}
