//! The route of an exchange: a template of the program, never a path of the wire.

use crate::names;

/// What an exchange is about, with a bounded number of values.
///
/// There is no way from a `String` or a request path to a `Route`: templates come from the router
/// (`MatchedPath`), from a declared table or from the program's own text.
///
/// ```
/// use tower_telemetry_core::Route;
/// let route = Route::template("/users/{id}");
/// assert_eq!(route.as_str(), Some("/users/{id}"));
/// assert_eq!(Route::UNMATCHED.as_str(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Template(&'static str),
    Rpc(&'static str),
    RpcOther,
    Unmatched,
}

impl Route {
    /// No route is known: the conventions then want `http.route` to be absent.
    pub const UNMATCHED: Self = Self(Kind::Unmatched);
    /// A gRPC method that is not known to the program, told as `_OTHER`.
    pub const RPC_OTHER: Self = Self(Kind::RpcOther);

    /// A route template of the program's own text, such as `/users/{id}`.
    ///
    /// For an outgoing HTTP request, put it into the request's extensions: it becomes `url.template`.
    #[must_use]
    pub const fn template(template: &'static str) -> Self {
        Self(Kind::Template(template))
    }

    /// A gRPC method of the program's own text, as `package.Service/Method`.
    #[must_use]
    pub const fn rpc(method: &'static str) -> Self {
        Self(Kind::Rpc(method))
    }

    /// The template or the gRPC method; `_OTHER` for an unknown method, `None` where nothing matched.
    #[must_use]
    pub const fn as_str(self) -> Option<&'static str> {
        match self.0 {
            Kind::Template(text) | Kind::Rpc(text) => Some(text),
            Kind::RpcOther => Some(names::OTHER),
            Kind::Unmatched => None,
        }
    }

    /// Whether the program itself knows this route: such a route has a place of its own in every table.
    #[must_use]
    pub const fn is_known(self) -> bool {
        matches!(self.0, Kind::Template(_) | Kind::Rpc(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_rpc_method_has_the_name_of_the_conventions() {
        assert_eq!(Route::RPC_OTHER.as_str(), Some("_OTHER"));
        assert!(!Route::RPC_OTHER.is_known());
        assert!(Route::rpc("shop.v1.Inventory/Reserve").is_known());
    }
}
