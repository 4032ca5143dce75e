//! What the stacks around a layer know: the route (axum's router, tonic's client, a declared table), the peer.

use std::any::Any;
use std::error::Error;
use std::net::SocketAddr;

use http::Extensions;

#[cfg_attr(feature = "axum", path = "axum_enabled.rs")]
#[cfg_attr(not(feature = "axum"), path = "axum_disabled.rs")]
pub(crate) mod axum;

#[cfg_attr(feature = "tonic", path = "tonic_enabled.rs")]
#[cfg_attr(not(feature = "tonic"), path = "tonic_disabled.rs")]
pub(crate) mod tonic;

#[cfg_attr(feature = "routes", path = "table_enabled.rs")]
#[cfg_attr(not(feature = "routes"), path = "table_disabled.rs")]
pub(crate) mod table;

/// An error of a stack that is a box of others: its sources tell what its type does not.
pub(crate) fn error(any: &dyn Any) -> Option<&(dyn Error + 'static)> {
    axum::error(any).or_else(|| tonic::error(any))
}

/// The peer of a connection, as the stack that made the request or the response tells it.
pub(crate) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    axum::peer(extensions).or_else(|| tonic::peer(extensions))
}
