//! What may last for hours: event streams, calls of many messages, sessions after an upgrade.

use std::sync::Arc;

use tower_telemetry_core::names::{LIFETIME_BOUNDS, metric};
use tower_telemetry_core::{Ending, Exchange, Outcome};

use super::level::Level;
use super::place_of;
use crate::keys::{Routed, Started};
use crate::store::{Bounds, Descriptor, Family, Gauge, Histogram, Place, RegisterError, Store};

/// Few exchanges are such, and those that are have time: they look their series up.
#[derive(Debug)]
pub(super) struct Lifetimes {
    streams: Arc<Family<Routed, Histogram>>,
    open: Arc<Family<Started, Gauge>>,
    sessions: Arc<Family<Routed, Histogram>>,
    under_way: Arc<Family<Started, Gauge>>,
}

impl Lifetimes {
    pub(super) fn register(store: &Store) -> Result<Self, RegisterError> {
        let bounds = || Bounds::from_seconds(LIFETIME_BOUNDS).unwrap_or_default();
        Ok(Self {
            streams: store.histogram_family(Descriptor::of(metric::STREAM_DURATION), bounds())?,
            open: store.gauge_family(Descriptor::of(metric::STREAMS_ACTIVE))?,
            sessions: store.histogram_family(Descriptor::of(metric::SESSION_DURATION), bounds())?,
            under_way: store.gauge_family(Descriptor::of(metric::SESSIONS_ACTIVE))?,
        })
    }

    /// A stream was found to be one, and is open until the answer is dropped.
    #[cold]
    #[inline(never)]
    pub(super) fn open(&self, exchange: &Exchange) -> Level {
        Level::up(self.open.series(&Started::of(exchange), Place::Known))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        if exchange.is_stream() {
            let stream = self.streams.series(&Routed::of(exchange), place_of(exchange));
            stream.record_with(outcome.total, exchange.kept_trace().as_ref());
        }
        if outcome.ending == Ending::Upgraded {
            self.upgraded(exchange);
        }
    }

    /// The gauge is up for as long as somebody holds the exchange: of one that nobody carries on, not at all.
    fn upgraded(&self, exchange: &Exchange) {
        let level = Level::up(self.under_way.series(&Started::of(exchange), Place::Known));
        let sessions = Arc::clone(&self.sessions);
        exchange.at_session_end(move |exchange, length| {
            let session = sessions.series(&Routed::of(exchange), place_of(exchange));
            session.record_with(length, exchange.kept_trace().as_ref());
            drop(level);
        });
    }
}
