//! All cases, in the order in which they are shown.

pub(crate) mod full;
pub(crate) mod grpc;
pub(crate) mod http;
pub(crate) mod http_client;
pub(crate) mod log;
mod memory;
mod metric;
mod propagate;
mod scrape;
mod size;

use crate::{case::Case, peers};

pub(crate) fn all() -> Vec<Case> {
    let groups = [
        metric::all(),
        scrape::all(),
        memory::all(),
        size::all(),
        http::all(),
        peers::http(),
        http_client::all(),
        peers::http_client(),
        grpc::all(),
        peers::grpc(),
        log::all(),
        peers::log(),
        propagate::all(),
    ];
    groups.into_iter().flatten().collect()
}
