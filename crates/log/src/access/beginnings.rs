//! How the fields of access lines begin: side, protocol, method and route, which are the same for many exchanges.

use std::cell::RefCell;
use std::ptr;

use tower_telemetry_core::{Exchange, Protocol, Side};

use crate::json::{self, Fit};

/// So many a thread remembers. Two that fall on one place take turns.
const PLACES: usize = 16;

thread_local! {
    /// The beginnings that a thread wrote last.
    static THREAD: RefCell<[Beginning; PLACES]> = const { RefCell::new([const { Beginning::NONE }; PLACES]) };
}

struct Beginning {
    of: Option<Of>,
    text: Vec<u8>,
    fit: Fit,
}

/// What a beginning is made of. The texts live as long as the process: they are the same where they stand at the same
/// place.
#[derive(Clone, Copy)]
struct Of {
    side: Side,
    protocol: Protocol,
    method: &'static str,
    route: Option<&'static str>,
}

/// Appends the beginning of the fields of this exchange.
pub(super) fn write(exchange: &Exchange, out: &mut Vec<u8>) -> Fit {
    let Exchange { side, protocol, method, .. } = *exchange;
    let of = Of { side, protocol, method, route: exchange.route().as_str() };
    let written = THREAD.try_with(|thread| {
        let mut known = thread.try_borrow_mut().ok()?;
        let known = known.get_mut(of.place())?;
        if !known.of.is_some_and(|known| known.is(of)) {
            known.learn(of);
        }
        out.extend_from_slice(&known.text);
        Some(known.fit)
    });
    written.ok().flatten().unwrap_or_else(|| of.write(out))
}

impl Beginning {
    const NONE: Self = Self { of: None, text: Vec::new(), fit: Fit::Whole };

    #[cold]
    fn learn(&mut self, of: Of) {
        self.of = Some(of);
        self.text.clear();
        self.fit = of.write(&mut self.text);
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

    fn write(self, out: &mut Vec<u8>) -> Fit {
        let Self { side, protocol, method, route } = self;
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
}
