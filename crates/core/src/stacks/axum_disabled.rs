//! Without axum, nothing is matched.

use http::Extensions;

use crate::route::Route;

pub(crate) const fn matched_path(_: &Extensions) -> Option<Route> {
    None
}
