//! No peers.

use crate::case::Case;

pub(crate) const fn http() -> Vec<Case> {
    Vec::new()
}

pub(crate) const fn http_client() -> Vec<Case> {
    Vec::new()
}

pub(crate) const fn grpc() -> Vec<Case> {
    Vec::new()
}

pub(crate) const fn log() -> Vec<Case> {
    Vec::new()
}
