//! The request id as an extractor of axum.

use std::convert::Infallible;
use std::fmt;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::current::current;
use crate::exchange::Exchange;
use crate::request_id::RequestId;

/// No request-id layer stands around the handler that asks for a [`RequestId`]: 500, a mistake of the program.
///
/// A handler that may stand without the layer asks for an `Option<RequestId>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoRequestId;

impl fmt::Display for NoRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no request-id layer stands around this handler")
    }
}

impl std::error::Error for NoRequestId {}

impl IntoResponse for NoRequestId {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.to_string()).into_response()
    }
}

/// The id of the exchange that the request belongs to: what its caller is told, and what its log lines carry.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_telemetry_core::RequestId;
///
/// async fn handler(id: RequestId) -> String {
///     format!("if this is wrong, quote {id}")
/// }
/// let app: Router = Router::new().route("/", get(handler)); // and the layer around it
/// # let _ = app;
/// ```
impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = NoRequestId;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NoRequestId> {
        of(parts).ok_or(NoRequestId)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(of(parts))
    }
}

fn of(parts: &Parts) -> Option<RequestId> {
    match Exchange::of(&parts.extensions) {
        Some(exchange) => exchange.request_id().cloned(),
        // A layer in between has taken the extensions.
        None => current()?.request_id().cloned(),
    }
}
