//! Without tonic, no generated client tells its method.

use http::{Extensions, Uri};

use crate::route::Route;

pub(crate) const fn called_method(_: &Extensions, _: &Uri) -> Option<Route> {
    None
}
