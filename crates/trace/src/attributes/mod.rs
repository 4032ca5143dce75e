//! The attributes of a span, by the semantic conventions.
//!
//! Those that a caller or a callee chooses are cut at [`Value::TEXT_MAX`] bytes. Called for recorded spans alone.

mod http;
mod network;
mod rpc;

use opentelemetry::{KeyValue, StringValue};
use tower_telemetry_core::names::attribute;
use tower_telemetry_core::{Exchange, Outcome, Side, Value};

use crate::arrival::{Later, Sight};
use crate::capture::Captured;

/// As many as most spans have in all. Few enough that an allocator hands them out from the front.
const USUAL: usize = 18;

/// What was written at the arrival of what is asked for at the end, and is not written again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Written {
    /// The route or the gRPC method: once it is known, it stays.
    route: bool,
    version: bool,
    request_id: bool,
}

/// What is known at the arrival, with room for what is known at the end.
pub(crate) fn of_arrival(exchange: &Exchange, sight: &Sight<'_>, captured: &Captured) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(USUAL);
    if exchange.protocol.is_grpc() {
        rpc::arrival(&mut attributes);
    } else {
        http::arrival(exchange, sight, &mut attributes);
    }
    network::arrival(exchange, sight, &mut attributes);
    captured.write(&mut attributes);
    attributes
}

/// What belongs to the end, as far as it is known at the arrival: in one list it costs a quarter of what it costs on a
/// span that is shared.
pub(crate) fn early(exchange: &Exchange, attributes: &mut Vec<KeyValue>) -> Written {
    let is_grpc = exchange.protocol.is_grpc();
    let route = exchange.route();
    let written = Written {
        route: if is_grpc { route.is_known() } else { route.as_str().is_some() },
        version: exchange.side == Side::Server && !is_grpc,
        request_id: exchange.request_id().is_some(),
    };
    if written.route {
        // Of a method that is known no path is told.
        about(exchange, "", attributes);
    }
    if written.version {
        http::version(Some(exchange.version), attributes);
    }
    request_id(exchange, attributes);
    written
}

/// What is known at the end; of an unknown gRPC method the path is told.
pub(crate) fn of_outcome(
    exchange: &Exchange,
    outcome: &Outcome,
    later: &Later,
    (path, written): (&str, Written),
    attributes: &mut Vec<KeyValue>,
) {
    of_answer(exchange, later, (path, written), attributes);
    if exchange.protocol.is_grpc() {
        rpc::outcome(outcome, attributes);
    } else {
        http::outcome(exchange, outcome, later, written, attributes);
    }
    if let Some(error_type) = outcome.error_type {
        attributes.push(KeyValue::new(attribute::ERROR_TYPE, error_type));
    }
    if let Some(trailers) = later.trailers() {
        trailers.write(attributes);
    }
    attributes.push(KeyValue::new(attribute::SPAN_ENDING, outcome.ending.as_str()));
    attributes.push(KeyValue::new(attribute::SPAN_VERDICT, outcome.verdict.as_str()));
}

/// What is known at the response head, of a span that ends there.
pub(crate) fn of_head(
    exchange: &Exchange,
    status: ::http::StatusCode,
    later: &Later,
    before: (&str, Written),
    attributes: &mut Vec<KeyValue>,
) {
    of_answer(exchange, later, before, attributes);
    if !exchange.protocol.is_grpc() {
        http::status(status, attributes);
    }
}

/// This text, as far as an attribute may hold it.
pub(crate) fn capped(text: &str) -> StringValue {
    Value::cut(text).to_owned().into()
}

/// What is known since the response head, however the exchange ends: the last of it is the route.
fn of_answer(
    exchange: &Exchange,
    later: &Later,
    (path, written): (&str, Written),
    attributes: &mut Vec<KeyValue>,
) {
    if !written.route {
        about(exchange, path, attributes);
    }
    if let Some(answer) = later.answer() {
        network::peer(answer.peer, attributes);
        answer.captured.write(attributes);
        if answer.ends_span {
            attributes.push(KeyValue::new(attribute::SPAN_UNTIL, "head"));
        }
    }
    if !written.request_id {
        request_id(exchange, attributes);
    }
    notes(exchange, attributes);
}

/// The route, or the method of gRPC; of an unknown one the path, too.
fn about(exchange: &Exchange, path: &str, attributes: &mut Vec<KeyValue>) {
    if exchange.protocol.is_grpc() {
        rpc::method(exchange, path, attributes);
    } else {
        http::route(exchange, attributes);
    }
}

fn request_id(exchange: &Exchange, attributes: &mut Vec<KeyValue>) {
    if let Some(id) = exchange.request_id() {
        attributes.push(KeyValue::new(attribute::REQUEST_ID, id.as_str().to_owned()));
    }
}

/// What the handler wrote on its exchange.
fn notes(exchange: &Exchange, attributes: &mut Vec<KeyValue>) {
    exchange.attributes(|key, value| {
        attributes.push(match value {
            Value::Text(text) => KeyValue::new(key, text.clone().into_owned()),
            Value::Integer(number) => KeyValue::new(key, *number),
            Value::Float(number) => KeyValue::new(key, *number),
            Value::Bool(truth) => KeyValue::new(key, *truth),
            _ => return,
        });
    });
    exchange.labels(|name, value| attributes.push(KeyValue::new(name, value)));
}
