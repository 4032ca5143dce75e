//! How the fields of access lines begin: side, protocol, method and route, which are the same for many exchanges.

use std::ptr;

use tower_telemetry_core::{Exchange, Protocol, Side};

use crate::json::{self, Fit};

/// So many a thread remembers. Two that fall on one place take turns.
const PLACES: usize = 16;

/// The beginnings that a thread wrote last.
#[derive(Debug)]
pub(super) struct Beginnings([Beginning; PLACES]);

#[derive(Debug)]
struct Beginning {
    of: Option<Of>,
    text: Vec<u8>,
    fit: Fit,
}

/// What a beginning is made of. The texts live as long as the process: they are the same where they stand at the same
/// place.
#[derive(Debug, Clone, Copy)]
struct Of {
    side: Side,
    protocol: Protocol,
    method: &'static str,
    route: Option<&'static str>,
}

impl Beginnings {
    pub(super) const NONE: Self =
        Self([const { Beginning { of: None, text: Vec::new(), fit: Fit::Whole } }; PLACES]);

    /// Appends the beginning of the fields of this exchange.
    pub(super) fn write(&mut self, exchange: &Exchange, out: &mut Vec<u8>) -> Fit {
        let Exchange { side, protocol, method, .. } = *exchange;
        let of = Of { side, protocol, method, route: exchange.route().as_str() };
        let Some(known) = self.0.get_mut(of.place()) else { return write(of, out) };
        if !known.of.is_some_and(|known| known.is(of)) {
            known.of = Some(of);
            known.text.clear();
            known.fit = write(of, &mut known.text);
        }
        out.extend_from_slice(&known.text);
        known.fit
    }
}

impl Of {
    fn place(self) -> usize {
        let route = self.route.map_or(0, |route| route.as_ptr().addr() ^ route.len());
        (route ^ route >> 5 ^ self.method.as_ptr().addr()) % PLACES
    }

    fn is(self, other: Self) -> bool {
        let is_route = match (self.route, other.route) {
            (Some(one), Some(other)) => ptr::eq(one, other),
            (None, None) => true,
            _ => false,
        };
        is_route
            && ptr::eq(self.method, other.method)
            && (self.side, self.protocol) == (other.side, other.protocol)
    }
}

fn write(of: Of, out: &mut Vec<u8>) -> Fit {
    let Of { side, protocol, method, route } = of;
    for part in [",\"side\":\"", side.as_str(), "\",\"protocol\":\"", protocol.as_str(), "\""] {
        out.extend_from_slice(part.as_bytes());
    }
    if !protocol.is_grpc() {
        out.extend_from_slice(b",\"http.request.method\":");
        // A known method, or `_OTHER`.
        let _ = json::string(out, method);
    }
    let Some(route) = route else { return Fit::Whole };
    let key = match (protocol.is_grpc(), side) {
        (true, _) => ",\"rpc.method\":",
        (false, Side::Server) => ",\"http.route\":",
        (false, Side::Client) => ",\"url.template\":",
    };
    out.extend_from_slice(key.as_bytes());
    json::string(out, route)
}
