//! Of gRPC calls: <https://opentelemetry.io/docs/specs/semconv/rpc/grpc/>.

use opentelemetry::KeyValue;
use tower_telemetry_core::names::{self, attribute};
use tower_telemetry_core::{Exchange, Outcome};

use crate::attributes::capped;

pub(super) fn arrival(attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new(attribute::RPC_SYSTEM_NAME, "grpc"));
}

/// The method may be learnt at any time until the end.
pub(super) fn method(exchange: &Exchange, path: &str, attributes: &mut Vec<KeyValue>) {
    let route = exchange.route();
    attributes.push(KeyValue::new(attribute::RPC_METHOD, route.as_str().unwrap_or(names::OTHER)));
    if !route.is_known() {
        let original = path.strip_prefix('/').unwrap_or(path);
        attributes.push(KeyValue::new(attribute::RPC_METHOD_ORIGINAL, capped(original)));
    }
}

pub(super) fn outcome(outcome: &Outcome, attributes: &mut Vec<KeyValue>) {
    if let Some(code) = outcome.grpc {
        attributes.push(KeyValue::new(attribute::RPC_STATUS_CODE, code.as_str()));
    }
}
