//! Exchanges to ask a sampler about.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::{Request, Response, StatusCode, request};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_telemetry_core::{Exchange, Side, SignalExt, current};

/// An exchange that ended with this status, and the head that it began with.
pub(crate) fn exchange(
    side: Side,
    request: Request<()>,
    status: StatusCode,
) -> (Arc<Exchange>, request::Parts) {
    let seen = Arc::new(Mutex::new(None));
    let service = service_fn({
        let seen = Arc::clone(&seen);
        move |request: Request<()>| {
            *seen.lock().unwrap() = current().map(|exchange| (exchange, request.into_parts().0));
            async move {
                let mut response = Response::new(String::new());
                *response.status_mut() = status;
                Ok::<_, Infallible>(response)
            }
        }
    });
    match side {
        Side::Server => finish(().server().layer(service), request),
        Side::Client => finish(().client().layer(service), request),
    }
    let seen = seen.lock().unwrap().take();
    seen.unwrap()
}

fn finish<S: Service<Request<()>>>(service: S, request: Request<()>) {
    let call = pin!(service.oneshot(request));
    assert!(matches!(call.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_))));
}
