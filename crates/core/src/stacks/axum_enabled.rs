//! axum's `MatchedPath` is the route.

use std::any::Any;
use std::error::Error;

use ::axum::extract::MatchedPath;
use http::Extensions;

use crate::route::Route;

/// The template that axum's router matched, if this request has come through one.
pub(crate) fn matched_path(extensions: &Extensions) -> Option<Route> {
    extensions.get::<MatchedPath>().map(|path| Route::matched(path.as_str()))
}

/// axum's bodies put any error into this one.
pub(crate) fn error(any: &dyn Any) -> Option<&(dyn Error + 'static)> {
    any.downcast_ref::<::axum::Error>().map(|error| error as _)
}
