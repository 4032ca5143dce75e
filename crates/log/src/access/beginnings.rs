//! How the fields of access lines begin: all that comes before the first number that is different for each exchange.

use std::cell::RefCell;
use std::ptr;

use http::StatusCode;
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

/// What a beginning is made of. The texts live as long as the process.
#[derive(Clone, Copy)]
struct Of {
    side: Side,
    protocol: Protocol,
    method: &'static str,
    route: Option<&'static str>,
    status: Option<StatusCode>,
    grpc: Option<Code>,
    error_type: Option<&'static str>,
    ending: Ending,
    verdict: Verdict,
}

/// Appends the beginning of the fields of this line, up to the value of its duration.
pub(super) fn write(line: &AccessLine<'_>, out: &mut Vec<u8>) -> Fit {
    let route = line.exchange.route().as_str();
    let written = THREAD.try_with(|thread| {
        let mut known = thread.try_borrow_mut().ok()?;
        let known = known.get_mut(place(line, route))?;
        if !known.of.as_ref().is_some_and(|known| known.is_of(line, route)) {
            known.learn(Of::new(line, route));
        }
        out.extend_from_slice(&known.text);
        Some(known.fit)
    });
    written.ok().flatten().unwrap_or_else(|| Of::new(line, route).write(out))
}

#[inline]
fn place(line: &AccessLine<'_>, route: Option<&'static str>) -> usize {
    let route = route.map_or(0, |route| route.as_ptr().addr() ^ route.len());
    let status = line.outcome.status.map_or(0, |status| usize::from(status.as_u16()));
    (route ^ route >> 5 ^ line.exchange.method.as_ptr().addr() ^ status ^ status >> 4) % PLACES
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
    fn new(line: &AccessLine<'_>, route: Option<&'static str>) -> Self {
        let Exchange { side, protocol, method, .. } = *line.exchange;
        let Outcome { status, grpc, error_type, ending, verdict, .. } = *line.outcome;
        Self { side, protocol, method, route, status, grpc, error_type, ending, verdict }
    }

    /// Whether it is that of this line. Not by making another to compare: it is large, and nearly always the same.
    #[inline]
    fn is_of(&self, line: &AccessLine<'_>, of_route: Option<&'static str>) -> bool {
        let Self { side, protocol, method, route, status, grpc, error_type, ending, verdict } = *self;
        let AccessLine { exchange, outcome, held_back: _ } = *line;
        is_same(route, of_route)
            && ptr::eq(method, exchange.method)
            && status == outcome.status
            && side == exchange.side
            && protocol == exchange.protocol
            && ending == outcome.ending
            && verdict == outcome.verdict
            && grpc == outcome.grpc
            && is_same(error_type, outcome.error_type)
    }

    fn write(self, out: &mut Vec<u8>) -> Fit {
        let Self { side, protocol, ending, verdict, status, grpc, method, route, error_type } = self;
        let mut fit = Fit::Whole;
        let is_http = !protocol.is_grpc();
        texts(out, [",\"side\":\"", side.as_str(), "\",\"protocol\":\"", protocol.as_str(), "\""]);
        if is_http {
            out.extend_from_slice(b",\"http.request.method\":");
            // A known method, or `_OTHER`.
            let _ = json::string(out, method);
        }
        if let Some(route) = route {
            let key = match (is_http, side) {
                (false, _) => ",\"rpc.method\":",
                (true, Side::Server) => ",\"http.route\":",
                (true, Side::Client) => ",\"url.template\":",
            };
            out.extend_from_slice(key.as_bytes());
            fit = fit.and(json::string(out, route));
        }
        if let Some(status) = status.filter(|_| is_http) {
            out.extend_from_slice(b",\"http.response.status_code\":");
            // Three digits, by its type.
            out.extend_from_slice(status.as_str().as_bytes());
        }
        if let Some(code) = grpc {
            texts(out, [",\"rpc.status_code\":\"", code.as_str(), "\""]);
        }
        if let Some(error_type) = error_type {
            out.extend_from_slice(b",\"error.type\":");
            fit = fit.and(json::string(out, error_type));
        }
        texts(out, [",\"ending\":\"", ending.as_str(), "\",\"verdict\":\"", verdict.as_str()]);
        out.extend_from_slice(b"\",\"duration_ms\":");
        fit
    }
}

/// Texts that live as long as the process are the same where they stand at the same place.
#[inline]
fn is_same(one: Option<&'static str>, other: Option<&'static str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => ptr::eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn texts<const N: usize>(out: &mut Vec<u8>, parts: [&str; N]) {
    parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
}
