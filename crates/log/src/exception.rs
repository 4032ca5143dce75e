//! The event of an exchange that an error or a panic ended.

use tower_telemetry_core::names::event;
use tower_telemetry_core::{Ending, Exchange, Outcome, Side};

/// The target of exception events, for filters: `RUST_LOG=info,tower_telemetry::exception=off`.
pub const EXCEPTION_TARGET: &str = "tower_telemetry::exception";

/// Tells the exception, if there was one: what broke or panicked, not what was answered with an error.
///
/// The conventions want a log record in place of the event that spans used to have. Its type is the `error.type` of
/// the exchange; neither a message nor a stack trace is told, since either can carry what a client sent.
pub(crate) fn tell(exchange: &Exchange, outcome: &Outcome) {
    // The name and the level of an event are part of its static description.
    macro_rules! exception {
        ($level:ident, $name:expr) => {
            tracing::event!(
                name: $name,
                target: EXCEPTION_TARGET,
                tracing::Level::$level,
                exception.type = outcome.error_type,
                "{}", $name
            )
        };
    }
    if !matches!(outcome.ending, Ending::Failed | Ending::Panicked) || outcome.error_type.is_none() {
        return;
    }
    match (exchange.side, exchange.protocol.is_grpc()) {
        (Side::Server, false) => exception!(ERROR, event::HTTP_SERVER_REQUEST_EXCEPTION),
        (Side::Server, true) => exception!(ERROR, event::RPC_SERVER_CALL_EXCEPTION),
        (Side::Client, false) => exception!(WARN, event::HTTP_CLIENT_REQUEST_EXCEPTION),
        (Side::Client, true) => exception!(WARN, event::RPC_CLIENT_CALL_EXCEPTION),
    }
}
