//! One exchange in flight.

use opentelemetry::KeyValue;
use opentelemetry::metrics::UpDownCounter;
use tower_telemetry_core::{Exchange, Side};

use super::attributes;
use crate::keys::{ActiveClient, ActiveServer};

/// Counts up, and down again when it is dropped, whatever happens, under the same attributes.
#[derive(Debug)]
pub(crate) struct InFlight {
    counter: UpDownCounter<i64>,
    key: Key,
}

#[derive(Debug)]
enum Key {
    Server(ActiveServer),
    Client(ActiveClient),
    Rpc,
}

impl InFlight {
    pub(crate) fn new(counter: UpDownCounter<i64>, exchange: &Exchange) -> Self {
        let key = match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => Key::Server(ActiveServer::of(exchange)),
            (false, Side::Client) => Key::Client(ActiveClient::of(exchange)),
            (true, _) => Key::Rpc,
        };
        let in_flight = Self { counter, key };
        in_flight.add(1);
        in_flight
    }

    fn add(&self, amount: i64) {
        let add = |attributes: &[KeyValue]| self.counter.add(amount, attributes);
        match &self.key {
            Key::Server(key) => attributes::with(key, add),
            Key::Client(key) => attributes::with(key, add),
            Key::Rpc => add(&[]),
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.add(-1);
    }
}
