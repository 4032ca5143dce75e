//! Span names, made of closed values alone.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::{Exchange, Protocol, Route, Side, names};

use crate::joined::joined;

/// How a span is named. No way ever contains a string of the wire.
///
/// # Cardinality
/// Methods and routes of the program. A name of one's own is made of the same values, so it is bounded as well,
/// unless its closure adds what is not.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum SpanNaming {
    /// As the semantic conventions say: `GET /users/{id}`, `user.v1.UserService/GetUser`.
    #[default]
    Semconv,
    /// With the protocol in front: `HTTP GET /users/{id}`, `GRPC user.v1.UserService/GetUser`.
    Prefixed,
    /// By a closure; made by [`SpanNaming::custom`].
    Custom(Arc<Namer>),
}

type Namer = dyn Fn(&Named) -> Cow<'static, str> + Send + Sync;

/// What a span may be named after: closed values of one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Named {
    /// Which end is watching.
    pub side: Side,
    /// HTTP, gRPC or gRPC-Web.
    pub protocol: Protocol,
    /// A known HTTP method, or `_OTHER`.
    pub method: &'static str,
    /// The route template or the gRPC method, as far as it is known when the span ends.
    pub route: Route,
}

impl SpanNaming {
    /// Names spans by this closure, which is asked when a span ends. It must not panic.
    ///
    /// ```
    /// use tower_telemetry_trace::SpanNaming;
    ///
    /// let naming = SpanNaming::custom(|named| {
    ///     format!("{} {}", named.side.as_str(), named.route.as_str().unwrap_or("unmatched")).into()
    /// });
    /// # let _ = naming;
    /// ```
    #[must_use]
    pub fn custom(name: impl Fn(&Named) -> Cow<'static, str> + Send + Sync + 'static) -> Self {
        Self::Custom(Arc::new(name))
    }

    /// The name of the exchange's span, as far as its route is known by now.
    pub(crate) fn name(&self, exchange: &Exchange) -> Cow<'static, str> {
        let Exchange { side, protocol, method, .. } = *exchange;
        let named = Named { side, protocol, method, route: exchange.route() };
        match self {
            Self::Semconv if protocol.is_grpc() => named.rpc().unwrap_or("grpc").into(),
            Self::Semconv => named.http(),
            Self::Prefixed if protocol.is_grpc() => {
                named.rpc().map_or("GRPC".into(), |method| joined(["GRPC", " ", method]))
            }
            Self::Prefixed => match named.http() {
                // An unknown method reads `HTTP` already.
                name if method == names::OTHER => name,
                name => ["HTTP ", &name].concat().into(),
            },
            Self::Custom(name) => name(&named),
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

impl Named {
    fn rpc(&self) -> Option<&'static str> {
        self.route.as_str().filter(|_| self.route.is_known())
    }

    fn http(&self) -> Cow<'static, str> {
        let method = if self.method == names::OTHER { "HTTP" } else { self.method };
        self.route.as_str().map_or(method.into(), |route| joined([method, " ", route]))
    }
}

impl fmt::Debug for SpanNaming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Semconv => "Semconv",
            Self::Prefixed => "Prefixed",
            Self::Custom(_) => "Custom",
        })
    }
}
