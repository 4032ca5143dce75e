//! Other instrumentations, each as its documentation shows it.

#[cfg(not(feature = "peers"))]
mod disabled;
#[cfg(feature = "peers")]
mod enabled;

#[cfg(not(feature = "peers"))]
pub(crate) use self::disabled::{grpc, http, http_client, log};
#[cfg(feature = "peers")]
pub(crate) use self::enabled::{grpc, http, http_client, log};
