use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex};

use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry::core::{Exchange, RequestId};
use tower_telemetry::{SignalExt, current};

/// Runs a handler within an exchange of this request id, and gives what it gives.
pub(crate) async fn handled<F: Future>(id: &str, handler: impl FnOnce() -> F) -> F::Output {
    let handler = Mutex::new(Some(handler));
    let result = Mutex::new(None);
    let service = ().server().layer(service_fn(|_: axum::extract::Request| async {
        current().unwrap().set_request_id(RequestId::new(id).unwrap());
        let handler = handler.lock().unwrap().take().expect("one request is handled");
        *result.lock().unwrap() = Some(handler().await);
        Ok::<_, Infallible>(axum::response::Response::new(axum::body::Body::empty()))
    }));
    let _response = service.oneshot(axum::extract::Request::new(axum::body::Body::empty())).await.unwrap();
    result.into_inner().unwrap().expect("the handler has answered")
}

/// The request id of the current exchange.
pub(crate) fn id() -> Option<String> {
    current().and_then(|exchange| exchange.request_id().map(ToString::to_string))
}

/// The current exchange, without keeping it.
pub(crate) fn weak() -> std::sync::Weak<Exchange> {
    Arc::downgrade(&current().expect("within an exchange"))
}
