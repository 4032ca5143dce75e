//! The attributes of a span, by the semantic conventions.
//!
//! Those that a caller or a callee chooses are cut at [`Value::TEXT_MAX`] bytes. Called for recorded spans alone.

mod http;
mod network;
mod rpc;

use opentelemetry::{KeyValue, StringValue};
use tower_telemetry_core::names::attribute;
use tower_telemetry_core::{Exchange, Outcome, Value};

use crate::arrival::Arrival;

/// As many as most spans have in all. Few enough that an allocator hands them out from the front.
const USUAL: usize = 18;

/// What is known at the arrival, with room for what is known at the end.
pub(crate) fn of_arrival(exchange: &Exchange, arrival: &Arrival) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(USUAL);
    if exchange.protocol.is_grpc() {
        rpc::arrival(&mut attributes);
    } else {
        http::arrival(exchange, arrival, &mut attributes);
    }
    network::arrival(exchange, arrival, &mut attributes);
    arrival.captured.write(&mut attributes);
    attributes
}

/// What is known at the end.
pub(crate) fn of_outcome(exchange: &Exchange, outcome: &Outcome, arrival: &Arrival) -> Vec<KeyValue> {
    let mut attributes = of_answer(exchange, arrival);
    if exchange.protocol.is_grpc() {
        rpc::outcome(outcome, &mut attributes);
    } else {
        http::outcome(exchange, outcome, arrival, &mut attributes);
    }
    if let Some(error_type) = outcome.error_type {
        attributes.push(KeyValue::new(attribute::ERROR_TYPE, error_type));
    }
    if let Some(trailers) = arrival.trailers() {
        trailers.write(&mut attributes);
    }
    attributes.push(KeyValue::new(attribute::SPAN_ENDING, outcome.ending.as_str()));
    attributes.push(KeyValue::new(attribute::SPAN_VERDICT, outcome.verdict.as_str()));
    attributes
}

/// What is known at the response head, of a span that ends there.
pub(crate) fn of_head(exchange: &Exchange, status: ::http::StatusCode, arrival: &Arrival) -> Vec<KeyValue> {
    let mut attributes = of_answer(exchange, arrival);
    if !exchange.protocol.is_grpc() {
        http::status(status, &mut attributes);
    }
    attributes
}

/// This text, as far as an attribute may hold it.
pub(crate) fn capped(text: &str) -> StringValue {
    Value::cut(text).to_owned().into()
}

/// What is known since the response head, however the exchange ends: the last of it is the route.
fn of_answer(exchange: &Exchange, arrival: &Arrival) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(12);
    if exchange.protocol.is_grpc() {
        rpc::method(exchange, arrival, &mut attributes);
    } else {
        http::route(exchange, &mut attributes);
    }
    if let Some(answer) = arrival.answer() {
        network::peer(answer.peer, &mut attributes);
        answer.captured.write(&mut attributes);
        if answer.ends_span {
            attributes.push(KeyValue::new(attribute::SPAN_UNTIL, "head"));
        }
    }
    if let Some(id) = exchange.request_id() {
        attributes.push(KeyValue::new(attribute::REQUEST_ID, id.as_str().to_owned()));
    }
    notes(exchange, &mut attributes);
    attributes
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
