use tonic::service::Interceptor;
use tonic::{Request, Status};

use crate::tasks::Continuation;

/// Writes the context that is current at a call into its metadata: `traceparent`, `tracestate` and
/// `x-request-id`, in place of any that stand there. See the [module](super) for what it cannot do.
///
/// It never refuses a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct InjectContext(());

impl InjectContext {
    /// The interceptor.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl Interceptor for InjectContext {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        Continuation::capture().write(request.metadata_mut().as_mut());
        Ok(request)
    }
}
