//! Which gRPC methods a server knows: those it was told of, and those that answered OK.

use std::collections::HashSet;

use http::uri::PathAndQuery;

use crate::grpc;
use crate::intern::Interner;
use crate::route::Route;

/// At most this many methods are learnt by watching calls end with OK.
pub const LEARNT_MAX: usize = 512;

/// The gRPC methods of a server.
///
/// On the server the path is wire input and no API lists methods, so a method is known when the
/// program says so (a list, a descriptor set) or when a call to it ended with OK: the one answer
/// that a stranger cannot obtain for a name that is not registered.
///
/// # Cardinality
/// The declared methods and at most [`LEARNT_MAX`] more; all others are [`Route::RPC_OTHER`].
#[derive(Debug)]
pub struct RpcMethods {
    declared: HashSet<&'static str>,
    learnt: Interner,
}

impl Default for RpcMethods {
    fn default() -> Self {
        Self::declared([])
    }
}

impl RpcMethods {
    /// The declared methods, each as `package.Service/Method` without a leading slash.
    pub(crate) fn declared(methods: impl IntoIterator<Item = &'static str>) -> Self {
        let declared: HashSet<_> = methods.into_iter().collect();
        let learnt = Interner::new(LEARNT_MAX);
        declared.iter().for_each(|method| learnt.show(method));
        Self { declared, learnt }
    }

    /// The route of this path, if its method is known.
    #[inline(never)]
    pub(crate) fn route(&self, path: &str) -> Option<Route> {
        let method = path.strip_prefix('/')?;
        let shown = self.learnt.shown(method).or_else(|| self.declared.get(method).copied());
        shown.or_else(|| self.learnt.get(method)).map(Route::rpc)
    }

    /// A call to this path ended with OK: its method exists.
    pub(crate) fn learn(&self, path: &PathAndQuery) -> Option<Route> {
        self.learnt.intern(grpc::method_path(path.path())?).map(Route::rpc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &'static str) -> PathAndQuery {
        PathAndQuery::from_static(text)
    }

    #[test]
    fn a_declared_method_is_known_and_a_stranger_is_not() {
        let methods = RpcMethods::declared(["shop.v1.Inventory/Reserve"]);
        assert_eq!(
            methods.route("/shop.v1.Inventory/Reserve"),
            Some(Route::rpc("shop.v1.Inventory/Reserve"))
        );
        assert_eq!(methods.route("/shop.v1.Inventory/Other"), None);
        assert_eq!(methods.route("shop.v1.Inventory/Reserve"), None);
    }

    #[test]
    fn a_method_that_answered_ok_is_known_from_then_on() {
        let methods = RpcMethods::default();
        assert_eq!(methods.route("/a.B/C"), None);
        assert_eq!(methods.learn(&path("/a.B/C")), Some(Route::rpc("a.B/C")));
        assert_eq!(methods.route("/a.B/C"), Some(Route::rpc("a.B/C")));
    }

    #[test]
    fn learning_is_bounded_and_takes_no_malformed_path() {
        let methods = RpcMethods::default();
        assert_eq!(methods.learn(&path("/not-a-method")), None);
        for i in 0..LEARNT_MAX + 10 {
            let text = format!("/s.S/M{i}");
            let learnt = text.parse::<PathAndQuery>().ok().and_then(|path| methods.learn(&path));
            assert_eq!(learnt.is_some(), i < LEARNT_MAX, "{i}");
        }
    }
}
