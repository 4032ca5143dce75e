//! Without hyper-util's client, no response tells its peer.

use std::net::SocketAddr;

use http::Extensions;

pub(crate) const fn peer(_: &Extensions) -> Option<SocketAddr> {
    None
}
