//! axum's `MatchedPath` is the route.

use ::axum::extract::MatchedPath;
use http::Extensions;

use crate::route::Route;

/// The template that axum's router matched, if this request has come through one.
pub(crate) fn matched_path(extensions: &Extensions) -> Option<Route> {
    extensions.get::<MatchedPath>().map(|path| Route::matched(path.as_str()))
}
