//! One line for one exchange.

use std::time::Duration;

use tower_telemetry_core::{Exchange, Moment, Outcome, Side, Verdict, nanos};
use tracing::Level;

use crate::access::ready::Ready;
use crate::access::site::Site;
use crate::access::sole_listener;

/// The target of access lines, for filters: `RUST_LOG=info,tower_telemetry::access=warn`.
pub const ACCESS_TARGET: &str = "tower_telemetry::access";

/// Where the events of access lines are: by it they are known.
pub(super) const MODULE: &str = module_path!();

/// What they say.
const MESSAGE: &str = "exchange ended";

/// The same in JSON.
pub(super) const ENCODED_MESSAGE: &[u8] = br#","message":"exchange ended""#;

/// What a line tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessLine<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) outcome: &'a Outcome,
    /// How many others were held back before it.
    pub(super) held_back: u64,
}

impl AccessLine<'_> {
    pub(super) fn tell(&self) {
        let level = self.level();
        if !sole_listener::tell(Site::of(level), self) {
            self.tell_all(level);
        }
    }

    /// The moment that it tells of.
    pub(super) fn ended(&self) -> Moment {
        self.exchange.ended(self.outcome)
    }

    fn level(&self) -> Level {
        match (self.outcome.verdict, self.exchange.side) {
            (Verdict::ServiceFault, _) => Level::ERROR,
            (Verdict::Cancelled, Side::Server) => Level::WARN,
            (Verdict::Ok, Side::Client) => Level::DEBUG,
            _ => Level::INFO,
        }
    }

    /// By an event, whoever listens. Apart, since it is long, and stands in no other's way.
    #[inline(never)]
    fn tell_all(&self, level: Level) {
        Ready::make(self);
        event(self, level);
        Ready::forget();
    }
}

fn event(line: &AccessLine<'_>, level: Level) {
    let AccessLine { exchange, outcome, held_back } = *line;
    let Exchange { side, protocol, method, .. } = *exchange;
    let (http, route) = (!protocol.is_grpc(), exchange.route().as_str());
    let (server_route, client_route, rpc_method) = match (http, side) {
        (true, Side::Server) => (route, None, None),
        (true, Side::Client) => (None, route, None),
        (false, _) => (None, None, route),
    };
    // A level is part of an event's static description, so there is one event for each.
    macro_rules! line {
        ($level:ident) => {
            tracing::event!(
                target: ACCESS_TARGET,
                Level::$level,
                side = side.as_str(),
                protocol = protocol.as_str(),
                http.request.method = http.then_some(method),
                http.route = server_route,
                url.template = client_route,
                http.response.status_code = outcome.status.filter(|_| http).map(|status| status.as_u16()),
                rpc.method = rpc_method,
                rpc.status_code = outcome.grpc.map(|code| code.as_str()),
                error.type = outcome.error_type,
                ending = outcome.ending.as_str(),
                verdict = outcome.verdict.as_str(),
                duration_ms = millis(outcome.total),
                head_ms = outcome.head.map(millis),
                http.request.body.size = outcome.request_bytes.filter(|_| http),
                http.response.body.size = outcome.sent,
                request_messages = outcome.request_messages,
                response_messages = outcome.response_messages,
                held_back = (held_back > 0).then_some(held_back),
                "{MESSAGE}"
            )
        };
    }
    match level {
        Level::ERROR => line!(ERROR),
        Level::WARN => line!(WARN),
        Level::DEBUG => line!(DEBUG),
        _ => line!(INFO),
    }
}

fn millis(duration: Duration) -> f64 {
    // Not through seconds: a whole number of nanoseconds stays readable.
    nanos::saturating(duration) as f64 / 1e6
}
