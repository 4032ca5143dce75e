//! What goes over the wire: the ids that a call was sent with and answered with, noted for those who check log lines.
//!
//! `RUST_LOG=info,shop::traffic=debug` shows them. They are read from the headers, below every layer.

use bytes::Bytes;
use futures_util::{FutureExt, TryFutureExt, future::BoxFuture};
use http::{HeaderMap, HeaderValue, Request, Response};
use tower::{Service, ServiceExt, util::MapRequest};
use tower_telemetry::core::{
    TraceIds,
    names::header::{SERVER_TIMING, TRACEPARENT, X_REQUEST_ID},
    trace_ids::TraceFlags,
};

use crate::{cli::Sampling, visit::Visit};

/// Of the callers that trace themselves, one in so many keeps its trace, where a production samples.
const KEPT: u64 = 100;

/// Notes the heads that pass.
#[derive(Debug, Clone)]
pub(super) struct Wire<S>(pub(super) S);

impl<S, A, B> Service<Request<A>> for Wire<S>
where
    S: Service<Request<A>, Response = Response<B>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let visit = Visit::of(request.headers());
        sent(request.headers());
        self.0.call(request).inspect_ok(move |response| answered(visit, response.headers())).boxed()
    }
}

pub(super) fn sent(headers: &HeaderMap) {
    let visit = Visit::of(headers).number();
    tracing::debug!(
        visit,
        sent_traceparent = text(headers, &TRACEPARENT),
        sent_request_id = text(headers, &X_REQUEST_ID),
        "sent"
    );
}

pub(super) fn answered(visit: Visit, headers: &HeaderMap) {
    let visit = visit.number();
    tracing::debug!(
        visit,
        got_server_timing = text(headers, &SERVER_TIMING),
        got_request_id = text(headers, &X_REQUEST_ID),
        "answered"
    );
}

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Every second caller traces itself: it begins the trace, decides whether it is kept, and gives its request an id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Callers(pub(super) Option<Sampling>);

impl Callers {
    pub(super) fn write(self, headers: &mut HeaderMap) {
        let Some(number) = Visit::of(headers).number().filter(|number| number % 2 == 0) else { return };
        let is_kept = self.0 != Some(Sampling::Production) || number % KEPT == 0;
        let flags = if is_kept { TraceFlags::SAMPLED } else { TraceFlags::NONE };
        let ids = TraceIds::random(flags).traceparent();
        if let Ok(ids) = HeaderValue::from_maybe_shared(Bytes::copy_from_slice(&ids)) {
            headers.insert(TRACEPARENT, ids);
        }
        if let Ok(id) = HeaderValue::from_str(&format!("visit-{number}")) {
            headers.insert(X_REQUEST_ID, id);
        }
    }

    /// Around the client of such callers.
    pub(super) fn around<S, A>(self, client: S) -> MapRequest<S, impl FnMut(Request<A>) -> Request<A> + Clone>
    where
        S: Service<Request<A>>,
    {
        client.map_request(move |mut request: Request<A>| {
            self.write(request.headers_mut());
            request
        })
    }
}
