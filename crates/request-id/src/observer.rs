//! The request id of one exchange, while it runs.

use http::response;
use tower_telemetry_core::{Exchange, Observer};

use crate::header::Header;

/// Echoes the request id in the response of a server.
#[derive(Debug)]
pub struct RequestIdObserver {
    echo: Option<Header>,
}

impl RequestIdObserver {
    pub(crate) const fn echoing(header: Header) -> Self {
        Self { echo: Some(header) }
    }

    pub(crate) const fn silent() -> Self {
        Self { echo: None }
    }
}

impl Observer for RequestIdObserver {
    type Guard = ();

    fn enter(&self) {}

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        if let (Some(header), Some(id)) = (self.echo.take(), exchange.request_id()) {
            head.headers.insert(header.name(), id.header_value());
        }
    }
}
