//! The fields of an access line as JSON, written straight from the card and its outcome.

use std::time::Duration;

use tower_telemetry_core::grpc::Code;
use tower_telemetry_core::{Ending, Exchange, Outcome, Protocol, Side, Verdict};

use crate::access::line::MESSAGE;
use crate::access::told::Told;
use crate::context::Context;
use crate::fragment::Fragment;
use crate::json::{self, Fit};
use crate::message::Message;

/// The most bytes of all fields, but for a route and an `error.type`: reserved at once.
const USUAL: usize = 512;

/// Encodes the access line that is being told of this exchange; says whether there is one that stands alone.
///
/// What may be hidden by a field, or hide one, has them handed over one by one: notes of the handler, and spans around.
/// So has a text that is cut.
pub(crate) fn encode(context: &Context, fields: &mut Fragment, message: &mut Message) -> bool {
    let Some(exchange) = context.exchange_without_notes() else { return false };
    let Some(told) = Told::of(exchange) else { return false };
    if fields.put_run(|out| write(exchange, &told, out)) == Fit::Cut {
        fields.clear();
        return false;
    }
    message.put(|out| json::string(out, MESSAGE));
    true
}

/// Appends the fields that the event has, each as `,"key":value`, in their order.
fn write(exchange: &Exchange, told: &Told, out: &mut Vec<u8>) -> Fit {
    let Told { outcome, held_back, .. } = told;
    out.reserve(USUAL);
    let is_http = !exchange.protocol.is_grpc();
    let mut fit = Fit::Whole;
    let mut text = |out: &mut Vec<u8>, key: &str, value: &str| {
        out.extend_from_slice(key.as_bytes());
        fit = fit.and(json::string(out, value));
    };
    out.extend_from_slice(who(exchange.side, exchange.protocol).as_bytes());
    let route = exchange.route().as_str();
    if is_http {
        // A known method, or `_OTHER`: nothing to escape.
        out.extend_from_slice(b",\"http.request.method\":\"");
        out.extend_from_slice(exchange.method.as_bytes());
        out.push(b'"');
        if let Some(route) = route {
            let key = match exchange.side {
                Side::Server => ",\"http.route\":",
                Side::Client => ",\"url.template\":",
            };
            text(out, key, route);
        }
        if let Some(status) = outcome.status {
            out.extend_from_slice(b",\"http.response.status_code\":");
            // Three digits, by its type.
            out.extend_from_slice(status.as_str().as_bytes());
        }
    } else if let Some(method) = route {
        text(out, ",\"rpc.method\":", method);
    }
    if let Some(code) = outcome.grpc.map(Code::as_str) {
        out.extend_from_slice(b",\"rpc.status_code\":\"");
        out.extend_from_slice(code.as_bytes());
        out.push(b'"');
    }
    if let Some(error_type) = outcome.error_type {
        text(out, ",\"error.type\":", error_type);
    }
    end(outcome, out);
    millis(outcome.total, out);
    if let Some(head) = outcome.head {
        out.extend_from_slice(b",\"head_ms\":");
        millis(head, out);
    }
    number(",\"http.request.body.size\":", outcome.request_bytes.filter(|_| is_http), out);
    number(",\"http.response.body.size\":", Some(outcome.sent), out);
    number(",\"request_messages\":", outcome.request_messages, out);
    number(",\"response_messages\":", outcome.response_messages, out);
    number(",\"held_back\":", Some(*held_back).filter(|count| *count > 0), out);
    fit
}

/// The first two fields.
const fn who(side: Side, protocol: Protocol) -> &'static str {
    match (side, protocol) {
        (Side::Server, Protocol::Http) => r#","side":"server","protocol":"http""#,
        (Side::Server, Protocol::Grpc) => r#","side":"server","protocol":"grpc""#,
        (Side::Server, Protocol::GrpcWeb) => r#","side":"server","protocol":"grpc_web""#,
        (Side::Client, Protocol::Http) => r#","side":"client","protocol":"http""#,
        (Side::Client, Protocol::Grpc) => r#","side":"client","protocol":"grpc""#,
        (Side::Client, Protocol::GrpcWeb) => r#","side":"client","protocol":"grpc_web""#,
    }
}

/// How it ended, up to the value of its duration.
fn end(outcome: &Outcome, out: &mut Vec<u8>) {
    match (outcome.ending, outcome.verdict) {
        (Ending::Complete, Verdict::Ok) => {
            out.extend_from_slice(br#","ending":"complete","verdict":"ok","duration_ms":"#);
        }
        (ending, verdict) => {
            for part in [r#","ending":""#, ending.as_str(), r#"","verdict":""#, verdict.as_str()] {
                out.extend_from_slice(part.as_bytes());
            }
            out.extend_from_slice(br#"","duration_ms":"#);
        }
    }
}

/// Milliseconds with as many of their six decimals as it takes, one at least: `12.5`, `3.0`, `0.000001`.
fn millis(duration: Duration, out: &mut Vec<u8>) {
    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    json::integer(out, nanos / 1_000_000);
    let (mut rest, mut place) = ((nanos % 1_000_000) as u32, 100_000);
    out.push(b'.');
    loop {
        out.push(b'0' + (rest / place) as u8);
        rest %= place;
        place /= 10;
        if rest == 0 {
            return;
        }
    }
}

fn number(key: &str, value: Option<u64>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        out.extend_from_slice(key.as_bytes());
        json::integer(out, value);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(nanos: u64) -> String {
        let mut out = Vec::new();
        millis(Duration::from_nanos(nanos), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn milliseconds_have_the_decimals_that_they_need() {
        for (nanos, text) in
            [(0, "0.0"), (1, "0.000001"), (100_000, "0.1"), (12_500_000, "12.5"), (1_000_010, "1.00001")]
        {
            assert_eq!(written(nanos), text);
        }
    }

    proptest! {
        #[test]
        fn milliseconds_read_back_as_the_number_that_other_layers_are_told(nanos in 0..1_u64 << 50) {
            prop_assert_eq!(written(nanos).parse::<f64>().unwrap().to_bits(), (nanos as f64 / 1e6).to_bits());
        }
    }
}
