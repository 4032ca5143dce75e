//! tonic interceptors that pass the trace context on, for those who cannot use layers.
//!
//! A layer sees a call from its first byte to its last; an interceptor sees the metadata of a request, and no
//! more. So these pass context on and record nothing: no span, no metric, no line. What stands where:
//!
//! | | [`InjectContext`], client | [`ExtractContext`], server |
//! |---|---|---|
//! | the trace context | that which is current at the call, into the metadata | from the metadata, into the request's extensions |
//! | the span of the call | none: the callee's parent is the span around the call; make one with [`Spans`](crate::tasks::Spans) | none: the handler continues the caller's |
//! | the request id | that of the exchange or work around the call | on the lines of what continues |
//! | the response, its status, its end | not seen | not seen |
//! | the handler | | not within the context until it says so: [`Continuation::of`](crate::tasks::Continuation::of) |
//!
//! ```
//! use tonic::{Request, Response, Status, service::Interceptor};
//! use tower_telemetry_trace::interceptor::{ExtractContext, InjectContext};
//! use tower_telemetry_trace::tasks::Continuation;
//!
//! // Client: InventoryClient::with_interceptor(channel, InjectContext::new())
//! let sent = InjectContext::new().call(Request::new(()))?;
//!
//! // Server: InventoryServer::with_interceptor(inventory, ExtractContext::new())
//! async fn reserve(request: Request<()>) -> Result<Response<()>, Status> {
//!     let caller = Continuation::of(request.extensions());
//!     caller.carry(async { Ok(Response::new(())) }).await
//! }
//! # let received = ExtractContext::new().call(sent)?;
//! # let _ = reserve(received);
//! # Ok::<(), Status>(())
//! ```
//!
//! The request id stands in `x-request-id`. An exchange does not tell which header its id came in: where the
//! request-id window was given another one, both interceptors are to be given it, too
//! ([`InjectContext::with_request_id_header`], [`ExtractContext::with_request_id_header`]).
//!
//! Where a layer of the trace window stands in the same stack, they leave the matter to it: a client's layer
//! writes its own context in place of theirs, and on the server the handler is within the exchange already.

mod extract;
mod inject;

pub use extract::ExtractContext;
pub use inject::InjectContext;
