//! How the fields of access lines begin: all that comes before the first number that is different for each exchange.

use std::cell::RefCell;
use std::ptr;

use tower_telemetry_core::grpc::Code;
use tower_telemetry_core::{Ending, Exchange, Outcome, Protocol, Side, Verdict};

use crate::access::line::AccessLine;
use crate::json::{self, Fit};

/// So many a thread remembers. Two that fall on one place take turns.
const PLACES: usize = 32;

thread_local! {
    /// The beginnings that a thread wrote last.
    static THREAD: RefCell<[Beginning; PLACES]> = const { RefCell::new([const { Beginning::NONE }; PLACES]) };
}

struct Beginning {
    of: Option<Of>,
    text: Vec<u8>,
    fit: Fit,
}

/// What a beginning is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Of {
    side: Side,
    protocol: Protocol,
    ending: Ending,
    verdict: Verdict,
    status: u16,
    grpc: Option<Code>,
    method: Lasting,
    route: Option<Lasting>,
    error_type: Option<Lasting>,
}

/// A text that lives as long as the process: it is the same where it stands at the same place.
#[derive(Clone, Copy)]
struct Lasting(&'static str);

impl PartialEq for Lasting {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Lasting {}

/// Appends the beginning of the fields of this line, up to the value of its duration.
pub(super) fn write(line: &AccessLine<'_>, out: &mut Vec<u8>) -> Fit {
    let of = Of::new(line);
    let written = THREAD.try_with(|thread| {
        let mut known = thread.try_borrow_mut().ok()?;
        let known = known.get_mut(of.place())?;
        if known.of != Some(of) {
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
    #[inline]
    fn new(line: &AccessLine<'_>) -> Self {
        let Exchange { side, protocol, method, .. } = *line.exchange;
        let Outcome { ending, verdict, grpc, error_type, status, .. } = *line.outcome;
        Self {
            side,
            protocol,
            ending,
            verdict,
            status: status.map_or(0, |status| status.as_u16()),
            grpc,
            method: Lasting(method),
            route: line.exchange.route().as_str().map(Lasting),
            error_type: error_type.map(Lasting),
        }
    }

    #[inline]
    fn place(self) -> usize {
        let route = self.route.map_or(0, |Lasting(route)| route.as_ptr().addr() ^ route.len());
        let status = usize::from(self.status);
        (route ^ route >> 5 ^ self.method.0.as_ptr().addr() ^ status ^ status >> 4) % PLACES
    }

    fn write(self, out: &mut Vec<u8>) -> Fit {
        let Self { side, protocol, ending, verdict, status, grpc, method, route, error_type } = self;
        let mut fit = Fit::Whole;
        let is_http = !protocol.is_grpc();
        texts(out, [",\"side\":\"", side.as_str(), "\",\"protocol\":\"", protocol.as_str(), "\""]);
        if is_http {
            out.extend_from_slice(b",\"http.request.method\":");
            // A known method, or `_OTHER`.
            let _ = json::string(out, method.0);
        }
        if let Some(Lasting(route)) = route {
            let key = match (is_http, side) {
                (false, _) => ",\"rpc.method\":",
                (true, Side::Server) => ",\"http.route\":",
                (true, Side::Client) => ",\"url.template\":",
            };
            out.extend_from_slice(key.as_bytes());
            fit = fit.and(json::string(out, route));
        }
        if is_http && status > 0 {
            out.extend_from_slice(b",\"http.response.status_code\":");
            json::integer(out, status);
        }
        if let Some(code) = grpc {
            texts(out, [",\"rpc.status_code\":\"", code.as_str(), "\""]);
        }
        if let Some(Lasting(error_type)) = error_type {
            out.extend_from_slice(b",\"error.type\":");
            fit = fit.and(json::string(out, error_type));
        }
        texts(out, [",\"ending\":\"", ending.as_str(), "\",\"verdict\":\"", verdict.as_str()]);
        out.extend_from_slice(b"\",\"duration_ms\":");
        fit
    }
}

fn texts<const N: usize>(out: &mut Vec<u8>, parts: [&str; N]) {
    parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
}
