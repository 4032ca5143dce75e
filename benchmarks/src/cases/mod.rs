//! All cases, in the order in which they are shown.

mod grpc;
mod http;
mod memory;
mod metric;
mod scrape;

use crate::case::Case;

pub(crate) fn all() -> Vec<Case> {
    [metric::all(), scrape::all(), memory::all(), http::all(), grpc::all()].into_iter().flatten().collect()
}
