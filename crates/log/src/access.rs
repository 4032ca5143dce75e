//! The log window as a signal: one access line for each exchange.

use std::time::Duration;

use http::request;
use tower_telemetry_core::{Exchange, ObserveLayer, Observer, Outcome, Side, Signal, Verdict, Window};

use crate::exception;

/// The layer of the log window, on either side.
pub type LogContextLayer = ObserveLayer<LogContext>;

/// The target of access lines, for filters: `RUST_LOG=info,tower_telemetry::access=warn`.
pub const ACCESS_TARGET: &str = "tower_telemetry::access";

/// The log window: one line when an exchange is over, with its route, its status and its outcome.
///
/// What ended in an error or a panic is told before it by an event as the conventions have it, such as
/// `http.server.request.exception` with `exception.type`: `ERROR` of a server, `WARN` of a client, at the target
/// [`EXCEPTION_TARGET`](crate::EXCEPTION_TARGET).
///
/// The ids stand on the line as on every other line of the exchange, by the
/// [`JsonLayer`](crate::JsonLayer). The level follows the verdict: `ERROR` for a fault of the
/// service, `WARN` for a cancelled exchange of a server, else `INFO`; calls of a client that went
/// well are `DEBUG`, since their server tells them.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogContext(());

impl LogContext {
    /// The window.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl Signal for LogContext {
    const WINDOW: Window = Window::LOG;

    type Observer = LogContextObserver;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> LogContextObserver {
        LogContextObserver(())
    }
}

/// Writes the access line of one exchange.
#[derive(Debug)]
pub struct LogContextObserver(());

impl Observer for LogContextObserver {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        exception::tell(exchange, outcome);
        // A level is part of an event's static description, so there is one event for each.
        macro_rules! line {
            ($level:ident) => {
                tracing::event!(
                    target: ACCESS_TARGET,
                    tracing::Level::$level,
                    side = exchange.side.as_str(),
                    protocol = exchange.protocol.as_str(),
                    http.request.method = http(exchange).then_some(exchange.method),
                    http.route = route(exchange, Side::Server),
                    url.template = route(exchange, Side::Client),
                    http.response.status_code = outcome.status.filter(|_| http(exchange)).map(|status| status.as_u16()),
                    rpc.method = (!http(exchange)).then(|| exchange.route().as_str()).flatten(),
                    rpc.status_code = outcome.grpc.map(|code| code.as_str()),
                    error.type = outcome.error_type,
                    ending = outcome.ending.as_str(),
                    verdict = outcome.verdict.as_str(),
                    duration_ms = millis(outcome.total),
                    head_ms = outcome.head.map(millis),
                    http.request.body.size = outcome.request_bytes.filter(|_| http(exchange)),
                    http.response.body.size = outcome.sent,
                    request_messages = outcome.request_messages,
                    response_messages = outcome.response_messages,
                    "exchange ended"
                )
            };
        }
        match (outcome.verdict, exchange.side) {
            (Verdict::ServiceFault, _) => line!(ERROR),
            (Verdict::Cancelled, Side::Server) => line!(WARN),
            (Verdict::Ok, Side::Client) => line!(DEBUG),
            _ => line!(INFO),
        }
    }
}

fn http(exchange: &Exchange) -> bool {
    !exchange.protocol.is_grpc()
}

fn route(exchange: &Exchange, side: Side) -> Option<&'static str> {
    exchange.route().as_str().filter(|_| http(exchange) && exchange.side == side)
}

fn millis(duration: Duration) -> f64 {
    // Not through seconds: a whole number of nanoseconds stays readable.
    duration.as_nanos() as f64 / 1e6
}
