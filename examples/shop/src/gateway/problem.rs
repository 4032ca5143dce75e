//! What a caller is told when something is wrong, and what a neighbour's refusal means in HTTP.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::json;
use tonic::{Code, Status};

/// An error response: `{"error": "..."}`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    message: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(crate) fn unknown_order() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no such order")
    }

    /// What the inventory's refusal means to a caller.
    pub(crate) fn of_inventory(status: Status) -> Self {
        Self::told_by("inventory", &status)
    }

    /// What shipping's refusal means to a caller.
    pub(crate) fn of_shipping(status: Status) -> Self {
        Self::told_by("shipping", &status)
    }

    fn told_by(who: &str, status: &Status) -> Self {
        let code = match status.code() {
            Code::InvalidArgument => StatusCode::BAD_REQUEST,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::FailedPrecondition => StatusCode::CONFLICT,
            Code::Unavailable | Code::ResourceExhausted => StatusCode::SERVICE_UNAVAILABLE,
            // tonic's channel tells an expired deadline as CANCELLED.
            Code::DeadlineExceeded | Code::Cancelled => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        let said = match status.code() {
            Code::Unavailable => "cannot be reached",
            _ => status.message(),
        };
        Self::new(code, format!("{who}: {said}"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.message }))).into_response()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let status = match rejection.status() {
            // axum tells JSON of the wrong shape from text that is no JSON; callers of a shop need not.
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            other => other,
        };
        Self::new(status, rejection.body_text())
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tonic::{Code, Status};

    use super::Problem;

    #[test]
    fn every_refusal_of_the_inventory_has_an_http_status() {
        for (code, http) in [
            (Code::InvalidArgument, StatusCode::BAD_REQUEST),
            (Code::NotFound, StatusCode::NOT_FOUND),
            (Code::FailedPrecondition, StatusCode::CONFLICT),
            (Code::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
            (Code::DeadlineExceeded, StatusCode::GATEWAY_TIMEOUT),
            (Code::Cancelled, StatusCode::GATEWAY_TIMEOUT),
            (Code::Internal, StatusCode::BAD_GATEWAY),
            (Code::Unknown, StatusCode::BAD_GATEWAY),
        ] {
            let said = if code == Code::Unavailable { "cannot be reached" } else { "x" };
            let problem = Problem::of_inventory(Status::new(code, "x"));
            assert_eq!(problem, Problem::new(http, format!("inventory: {said}")), "{code:?}");
        }
    }
}
