//! hyper-util's client: the peer that its connector reached.

use std::net::SocketAddr;

use http::Extensions;
use hyper_util::client::legacy::connect::HttpInfo;

/// The peer of a response of hyper-util's client over its `HttpConnector`.
pub(crate) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<HttpInfo>().map(HttpInfo::remote_addr)
}
