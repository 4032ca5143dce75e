//! Without axum, nothing is matched.

use std::any::Any;
use std::error::Error;
use std::net::SocketAddr;

use http::Extensions;

use crate::route::Route;

pub(crate) const fn matched_path(_: &Extensions) -> Option<Route> {
    None
}

pub(crate) fn error(_: &dyn Any) -> Option<&(dyn Error + 'static)> {
    None
}

pub(crate) const fn peer(_: &Extensions) -> Option<SocketAddr> {
    None
}
