//! The peer that hyper-util's client tells with each response.

use http::Extensions;
use hyper_util::client::legacy::connect::HttpInfo;
use tower_telemetry_core::PeerAddr;

/// The peer of a response over hyper-util's `HttpConnector`, or over one that wraps it.
pub(crate) fn of_hyper(extensions: &Extensions) -> Option<PeerAddr> {
    extensions.get::<HttpInfo>().map(|info| PeerAddr(info.remote_addr()))
}
