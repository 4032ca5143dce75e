//! gRPC messages, counted while they pass: a stream of hours is seen before it ends.

use std::sync::Arc;

use tower_telemetry_core::names::metric;
use tower_telemetry_core::{Exchange, Side};

use super::handles::{Handles, Keep};
use super::{keep, place_of};
use crate::keys::Method;
use crate::store::{Counter, Descriptor, Family, RegisterError, Store};

#[derive(Debug)]
pub(super) struct Messages {
    sent: Arc<Family<Method, Counter>>,
    received: Arc<Family<Method, Counter>>,
    handles: Handles<Method, Counters>,
    keep: Keep,
}

#[derive(Debug, Clone)]
struct Counters {
    sent: Arc<Counter>,
    received: Arc<Counter>,
}

/// What was told of an exchange so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told {
    requests: u64,
    responses: u64,
}

impl Messages {
    pub(super) fn register(store: &Store, keep: Keep) -> Result<Self, RegisterError> {
        Ok(Self {
            sent: store.counter_family(Descriptor::of(metric::MESSAGES_SENT))?,
            received: store.counter_family(Descriptor::of(metric::MESSAGES_RECEIVED))?,
            handles: Handles::new(),
            keep,
        })
    }

    /// Tells what has passed and was not told yet.
    // Apart: most windows have no messages to tell of.
    #[inline(never)]
    pub(super) fn tell(&self, exchange: &Exchange, told: &mut Told) {
        let since = |now: Option<u64>, told: &mut u64| {
            let more = now.unwrap_or(0).saturating_sub(*told);
            *told += more;
            more
        };
        let requests = since(exchange.request_messages(), &mut told.requests);
        let responses = since(exchange.response_messages(), &mut told.responses);
        if (requests, responses) == (0, 0) {
            return;
        }
        let (counters, _) = self.handles.find(
            || Method::of(exchange),
            |key| {
                let (families, place) = ([&*self.sent, &*self.received], place_of(exchange));
                let refused = || families.iter().map(|family| family.refused()).sum();
                keep(self.keep, refused, || Counters {
                    sent: self.sent.series(key, place),
                    received: self.received.series(key, place),
                })
            },
        );
        let (sent, received) = match exchange.side {
            Side::Server => (responses, requests),
            Side::Client => (requests, responses),
        };
        counters.sent.add(sent);
        counters.received.add(received);
    }
}
