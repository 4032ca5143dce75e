//! The attributes of a span, by the semantic conventions.

use opentelemetry::KeyValue;
use tower_telemetry_core::names::{self, attribute};
use tower_telemetry_core::{Exchange, Outcome, Side, Value};

use crate::arrival::Arrival;
use crate::{host, redact};

/// What is known at the arrival. Called for recording spans alone.
pub(crate) fn of_arrival(exchange: &Exchange, arrival: &Arrival) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(12);
    if exchange.protocol.is_grpc() {
        attributes.push(KeyValue::new(attribute::RPC_SYSTEM_NAME, "grpc"));
    } else {
        http_arrival(exchange, arrival, &mut attributes);
    }
    server(exchange, arrival, &mut attributes);
    attributes
}

/// What is known at the end. Called for recording spans alone.
pub(crate) fn of_outcome(exchange: &Exchange, outcome: &Outcome, path: &str) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(8);
    let route = exchange.route();
    if exchange.protocol.is_grpc() {
        attributes.push(KeyValue::new(attribute::RPC_METHOD, route.as_str().unwrap_or(names::OTHER)));
        if !route.is_known() {
            let original = path.strip_prefix('/').unwrap_or(path);
            attributes.push(KeyValue::new(attribute::RPC_METHOD_ORIGINAL, capped(original)));
        }
        if let Some(code) = outcome.grpc {
            attributes.push(KeyValue::new(attribute::RPC_STATUS_CODE, code.as_str()));
        }
    } else {
        if let Some(template) = route.as_str() {
            let key = match exchange.side {
                Side::Server => attribute::HTTP_ROUTE,
                Side::Client => attribute::URL_TEMPLATE,
            };
            attributes.push(KeyValue::new(key, template));
        }
        if let Some(status) = outcome.status {
            attributes.push(KeyValue::new(attribute::HTTP_RESPONSE_STATUS_CODE, i64::from(status.as_u16())));
        }
    }
    if let Some(error_type) = outcome.error_type {
        attributes.push(KeyValue::new(attribute::ERROR_TYPE, error_type));
    }
    attributes.push(KeyValue::new(attribute::SPAN_ENDING, outcome.ending.as_str()));
    attributes.push(KeyValue::new(attribute::SPAN_VERDICT, outcome.verdict.as_str()));
    if let Some(id) = exchange.request_id() {
        attributes.push(KeyValue::new(attribute::REQUEST_ID, id.as_str().to_owned()));
    }
    notes(exchange, &mut attributes);
    attributes
}

fn http_arrival(exchange: &Exchange, arrival: &Arrival, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new(attribute::HTTP_REQUEST_METHOD, exchange.method));
    if exchange.method == names::OTHER {
        attributes
            .push(KeyValue::new(attribute::HTTP_REQUEST_METHOD_ORIGINAL, capped(arrival.method.as_str())));
    }
    if exchange.resend > 0 {
        attributes.push(KeyValue::new(attribute::HTTP_REQUEST_RESEND_COUNT, i64::from(exchange.resend)));
    }
    if let Some(version) = names::protocol_version(exchange.version) {
        attributes.push(KeyValue::new(attribute::NETWORK_PROTOCOL_VERSION, version));
    }
    match exchange.side {
        Side::Client => {
            attributes.push(KeyValue::new(attribute::URL_FULL, capped(&redact::url(&arrival.uri))))
        }
        Side::Server => {
            attributes.push(KeyValue::new(attribute::URL_SCHEME, exchange.scheme.as_str()));
            attributes.push(KeyValue::new(attribute::URL_PATH, capped(arrival.uri.path())));
            if let Some(query) = arrival.uri.query() {
                attributes.push(KeyValue::new(attribute::URL_QUERY, capped(&redact::query(query))));
            }
            if let Some(agent) = arrival.user_agent.as_ref().and_then(|agent| agent.to_str().ok()) {
                attributes.push(KeyValue::new(attribute::USER_AGENT_ORIGINAL, capped(agent)));
            }
        }
    }
}

/// The server that a client speaks to; on the server, the one that it was asked for.
fn server(exchange: &Exchange, arrival: &Arrival, attributes: &mut Vec<KeyValue>) {
    let (address, port) = match exchange.side {
        Side::Client => match exchange.server {
            Some(server) => (opentelemetry::StringValue::from(server.host), server.port),
            None => return,
        },
        Side::Server => match host::asked_for(arrival) {
            Some((host, port)) => (capped(&host), port),
            None => return,
        },
    };
    attributes.push(KeyValue::new(attribute::SERVER_ADDRESS, address));
    if let Some(port) = port {
        attributes.push(KeyValue::new(attribute::SERVER_PORT, i64::from(port)));
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

fn capped(text: &str) -> opentelemetry::StringValue {
    Value::cut(text).to_owned().into()
}
