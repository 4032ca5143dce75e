//! Span names, made of closed values alone.

use std::borrow::Cow;

use tower_telemetry_core::{Exchange, names};

/// How a span is named. Neither way ever contains a string of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpanNaming {
    /// As the semantic conventions say: `GET /users/{id}`, `user.v1.UserService/GetUser`.
    #[default]
    Semconv,
    /// With the protocol in front: `HTTP GET /users/{id}`, `GRPC user.v1.UserService/GetUser`.
    Prefixed,
}

impl SpanNaming {
    /// The name of the exchange's span, as far as its route is known by now.
    pub(crate) fn name(self, exchange: &Exchange) -> Cow<'static, str> {
        let route = exchange.route();
        if exchange.protocol.is_grpc() {
            return match (self, route.as_str().filter(|_| route.is_known())) {
                (Self::Semconv, Some(method)) => method.into(),
                (Self::Semconv, None) => "grpc".into(),
                (Self::Prefixed, Some(method)) => format!("GRPC {method}").into(),
                (Self::Prefixed, None) => "GRPC".into(),
            };
        }
        let method = if exchange.method == names::OTHER { "HTTP" } else { exchange.method };
        match (self, route.as_str()) {
            (Self::Semconv, Some(route)) => format!("{method} {route}").into(),
            (Self::Semconv, None) => method.into(),
            (Self::Prefixed, Some(route)) if method == "HTTP" => format!("HTTP {route}").into(),
            (Self::Prefixed, Some(route)) => format!("HTTP {method} {route}").into(),
            (Self::Prefixed, None) if method == "HTTP" => "HTTP".into(),
            (Self::Prefixed, None) => format!("HTTP {method}").into(),
        }
    }

    /// A name that costs nothing, for a span whose sampling is not decided yet.
    pub(crate) fn provisional(exchange: &Exchange) -> &'static str {
        match (exchange.protocol.is_grpc(), exchange.method) {
            (true, _) => "grpc",
            (false, names::OTHER) => "HTTP",
            (false, method) => method,
        }
    }
}
