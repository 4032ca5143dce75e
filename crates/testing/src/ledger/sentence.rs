use std::time::Duration;

use tower_telemetry_core::{Code, Ending, Exchange, Outcome, Verdict};

use crate::ledger::Said;

/// What one source says of one exchange. A field that is not set is not said, and not compared.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Sentence {
    /// The route template or gRPC method; `Said(None)` where nothing matched.
    pub route: Said<Option<String>>,
    /// The HTTP status; `Said(None)` when no head was made.
    pub status: Said<Option<u16>>,
    /// The gRPC status in capitals, `NOT_FOUND`; `Said(None)` when it is no gRPC exchange.
    pub grpc: Said<Option<String>>,
    /// `error.type`; `Said(None)` when there was no error.
    pub error_type: Said<Option<String>>,
    /// Whose matter the ending was.
    pub verdict: Said<Verdict>,
    /// How it ended.
    pub ending: Said<Ending>,
    /// From arrival to the end.
    pub duration: Said<Duration>,
    /// The request id; `Said(None)` when it has none.
    pub request_id: Said<Option<String>>,
}

impl Sentence {
    /// A sentence that says nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All that the outcome of an exchange says.
    #[must_use]
    pub fn of(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self::new()
            .route(exchange.route().as_str())
            .status(outcome.status.map(|status| status.as_u16()))
            .grpc(outcome.grpc.map(Code::as_str))
            .error_type(outcome.error_type)
            .verdict(outcome.verdict)
            .ending(outcome.ending)
            .duration(outcome.total)
            .request_id(exchange.request_id().map(ToString::to_string))
    }

    /// Says the route.
    #[must_use]
    pub fn route(self, route: Option<impl Into<String>>) -> Self {
        Self { route: Said::Said(route.map(Into::into)), ..self }
    }

    /// Says the HTTP status.
    #[must_use]
    pub fn status(self, status: Option<u16>) -> Self {
        Self { status: Said::Said(status), ..self }
    }

    /// Says the gRPC status.
    #[must_use]
    pub fn grpc(self, code: Option<impl Into<String>>) -> Self {
        Self { grpc: Said::Said(code.map(Into::into)), ..self }
    }

    /// Says `error.type`.
    #[must_use]
    pub fn error_type(self, error_type: Option<impl Into<String>>) -> Self {
        Self { error_type: Said::Said(error_type.map(Into::into)), ..self }
    }

    /// Says the verdict.
    #[must_use]
    pub fn verdict(self, verdict: Verdict) -> Self {
        Self { verdict: Said::Said(verdict), ..self }
    }

    /// Says the ending.
    #[must_use]
    pub fn ending(self, ending: Ending) -> Self {
        Self { ending: Said::Said(ending), ..self }
    }

    /// Says the duration.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self { duration: Said::Said(duration), ..self }
    }

    /// Says the request id.
    #[must_use]
    pub fn request_id(self, request_id: Option<impl Into<String>>) -> Self {
        Self { request_id: Said::Said(request_id.map(Into::into)), ..self }
    }
}
