//! axum's `MatchedPath` is the route, its `ConnectInfo` the peer, and its error a box of others.

use std::any::Any;
use std::error::Error;
use std::net::SocketAddr;

use ::axum::extract::{ConnectInfo, MatchedPath};
use http::Extensions;

use crate::intern::Interner;
use crate::route::Route;

/// Templates come from the program's own router, so the bound is a guard against a program that
/// makes routers for ever, not a limit that an application meets.
static TEMPLATES: Interner = Interner::new(16_384);

/// The template that axum's router matched, if this request has come through one.
pub(crate) fn matched_path(extensions: &Extensions) -> Option<Route> {
    extensions.get::<MatchedPath>().map(|path| matched(path.as_str()))
}

/// axum's bodies put any error into this one.
pub(crate) fn error(any: &dyn Any) -> Option<&(dyn Error + 'static)> {
    any.downcast_ref::<::axum::Error>().map(|error| error as _)
}

/// The peer of a server made with `into_make_service_with_connect_info::<SocketAddr>()`.
pub(crate) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0)
}

fn matched(template: &str) -> Route {
    TEMPLATES.intern(template).map_or(Route::UNMATCHED, Route::template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matched_template_is_interned_once() {
        let (one, two) = (matched("/orders/{id}"), matched("/orders/{id}"));
        assert_eq!(one, two);
        assert!(one.as_str().zip(two.as_str()).is_some_and(|(one, two)| std::ptr::eq(one, two)));
    }
}
