//! The window's own metrics: the golden signals.

mod classic;
mod semconv;

use std::sync::Arc;

use tower_telemetry_core::names::metric;
use tower_telemetry_core::{Exchange, Outcome, Protocol, Side};

use self::classic::Classic;
pub(crate) use self::semconv::Lean;
#[cfg(feature = "opentelemetry")]
pub(crate) use self::semconv::SIZE_BOUNDS;
use self::semconv::Semconv;
use crate::builder::{Extras, Names};
use crate::keys::{Ended, Started};
use crate::label_set::LabelSet;
use crate::observer::InFlight;
use crate::oldest::{Ages, Oldest};
use crate::store::{Bounds, Buckets, Counter, Descriptor, Family, Histogram, Place, RegisterError, Store};

/// The families that the window records to: those of either profile, and those of every window.
#[derive(Debug)]
pub(crate) struct Instruments<L: LabelSet> {
    profile: Profile<L>,
    started: Arc<Family<Started, Counter>>,
    ended: Arc<Family<Ended, Counter>>,
    ready_wait: Arc<Family<Started, Histogram>>,
    oldest: [Arc<Oldest>; 4],
}

#[derive(Debug)]
enum Profile<L: LabelSet> {
    Semconv(Semconv<L>),
    Classic(Classic<L>),
}

impl<L: LabelSet> Instruments<L> {
    pub(crate) fn register(
        store: &Store,
        buckets: &Buckets,
        names: Names,
        extras: Extras,
    ) -> Result<Self, RegisterError> {
        let profile = match names {
            Names::Semconv => Profile::Semconv(Semconv::register(store, buckets, extras)?),
            Names::Classic => Profile::Classic(Classic::register(store, buckets)?),
        };
        let tables =
            [(Side::Server, "http"), (Side::Client, "http"), (Side::Server, "grpc"), (Side::Client, "grpc")];
        let instruments = Self {
            profile,
            started: store.counter_family(Descriptor::of(metric::EXCHANGES_STARTED))?,
            ended: store.counter_family(Descriptor::of(metric::EXCHANGES_ENDED))?,
            ready_wait: store.histogram_family(Descriptor::of(metric::READY_WAIT), Bounds::default())?,
            oldest: tables.map(|(side, protocol)| Oldest::new(side.as_str(), protocol)),
        };
        store.collector(Ages(instruments.oldest.to_vec()));
        Ok(instruments)
    }

    /// Counts an exchange as begun, and gives what holds it in flight.
    pub(crate) fn start(&self, exchange: &Exchange) -> InFlight {
        // Side and protocol are closed sets.
        let started = Started::of(exchange);
        self.started.series(&started, Place::Known).increment();
        if let Some(waited) = exchange.waited {
            self.ready_wait.series(&started, Place::Known).record(waited);
        }
        let gauge = match &self.profile {
            Profile::Semconv(semconv) => Some(semconv.start(exchange)),
            Profile::Classic(classic) => {
                classic.start(exchange);
                None
            }
        };
        let [http_server, http_client, grpc_server, grpc_client] = &self.oldest;
        let oldest = match (exchange.protocol, exchange.side) {
            (Protocol::Http, Side::Server) => http_server,
            (Protocol::Http, Side::Client) => http_client,
            (_, Side::Server) => grpc_server,
            (_, Side::Client) => grpc_client,
        };
        InFlight::new(gauge, oldest.arrive(exchange))
    }

    /// Records an exchange as ended.
    pub(crate) fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        self.ended.series(&Ended::of(exchange, outcome), Place::Known).increment();
        // A route that the program knows has a place of its own; the rest shares what is left.
        let place = if exchange.route().is_known() { Place::Known } else { Place::Wire };
        match &self.profile {
            Profile::Semconv(semconv) => semconv.end(exchange, outcome, place),
            Profile::Classic(classic) => classic.end(exchange, outcome, place),
        }
    }
}
