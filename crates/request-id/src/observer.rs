//! The request id of one exchange, while it runs.

use http::response;
use tower_telemetry_core::{Exchange, Observer};

use crate::contract::{self, Duties};
use crate::header::Header;

/// Writes the request id into the response of a server, and what else the contract says.
#[derive(Debug)]
pub struct RequestIdObserver {
    /// Of a server: where the id is written.
    header: Header,
    duties: Duties,
}

impl RequestIdObserver {
    pub(crate) const fn answering(header: Header, duties: Duties) -> Self {
        Self { header, duties }
    }

    pub(crate) const fn hearing() -> Self {
        Self { header: Header::USUAL, duties: Duties::CONTRACT }
    }

    pub(crate) const fn silent() -> Self {
        Self { header: Header::USUAL, duties: Duties::NOTHING }
    }
}

impl Observer for RequestIdObserver {
    type Guard = ();

    fn enter(&self) {}

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        // Once, whatever comes after.
        let duties = std::mem::replace(&mut self.duties, Duties::NOTHING);
        if duties.include(Duties::ID) {
            contract::answer(duties, exchange, &self.header, &mut head.headers);
        } else if duties.include(Duties::CONTRACT) {
            contract::hear(exchange, &head.headers);
        }
    }
}
