//! Without tonic, no generated client tells its method.

use std::any::Any;
use std::error::Error;
use std::net::SocketAddr;

use http::{Extensions, Uri};

use crate::route::Route;

pub(crate) const fn called_method(_: &Extensions, _: &Uri) -> Option<Route> {
    None
}

pub(crate) fn error(_: &dyn Any) -> Option<&(dyn Error + 'static)> {
    None
}

pub(crate) const fn peer(_: &Extensions) -> Option<SocketAddr> {
    None
}
