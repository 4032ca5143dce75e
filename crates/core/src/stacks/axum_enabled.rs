//! axum's `MatchedPath` is the route, its `ConnectInfo` the peer, its error a box of others, its body one of any.

use std::any::Any;
use std::error::Error;
use std::net::SocketAddr;

use ::axum::BoxError;
use ::axum::body::{Body, Bytes};
use ::axum::extract::{ConnectInfo, MatchedPath};
use http::Extensions;

use crate::intern::Interner;
use crate::observe::MapBody;
use crate::route::Route;

/// Templates come from the program's own router, so the bound is a guard against a program that
/// makes routers for ever, not a limit that an application meets.
static TEMPLATES: Interner = Interner::new(16_384);

/// Gives the body on as axum's [`Body`].
#[derive(Debug, Clone, Copy)]
pub enum AxumBody {}

impl<B> MapBody<B> for AxumBody
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Body = Body;

    fn map_body(body: B) -> Body {
        Body::new(body)
    }
}

/// The template that axum's router matched, if this request has come through one.
#[inline]
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

#[inline]
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
