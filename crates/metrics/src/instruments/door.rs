//! What is recorded of an exchange when it arrives, and when it leaves.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tower_telemetry_core::{Authority, Ending, Exchange, Outcome, Protocol, Scheme, Side, Verdict};

use super::handles::{Closed, Mixer, same};
use crate::oldest::{Oldest, Seat};
use crate::store::{Counter, Gauge};

/// What is known of an exchange at its arrival, as far as metrics tell it.
#[derive(Debug, Clone)]
pub(super) struct DoorKey {
    side: Side,
    protocol: Protocol,
    method: &'static str,
    scheme: Scheme,
    server: Option<Authority>,
}

/// The handles for one such key.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) started: Arc<Counter>,
    pub(super) gauge: Option<Arc<Gauge>>,
    pub(super) oldest: Arc<Oldest>,
    pub(super) ended: Ended,
}

/// Counters of endings by verdict, made as they are needed.
#[derive(Debug, Clone, Default)]
pub(super) struct Ended([[OnceLock<Arc<Counter>>; Verdict::ALL.len()]; Ending::ALL.len()]);

impl DoorKey {
    pub(super) fn of(exchange: &Exchange) -> Self {
        let Exchange { side, protocol, method, scheme, server, .. } = *exchange;
        Self { side, protocol, method, scheme, server }
    }
}

impl Closed for DoorKey {
    #[inline]
    fn mix(&self, mixer: Mixer) -> Mixer {
        let small = (self.side as u64) << 16 | (self.protocol as u64) << 8 | self.scheme as u64;
        mix_server(mixer.number(small).text(self.method), self.server)
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        (self.side, self.protocol, self.scheme) == (other.side, other.protocol, other.scheme)
            && same(self.method, other.method)
            && same_server(self.server, other.server)
    }
}

impl Door {
    /// Takes away what was added at the arrival.
    #[inline]
    pub(super) fn leave(&self, seat: Option<Seat>, time: impl FnOnce() -> Duration) {
        if let Some(gauge) = &self.gauge {
            gauge.add_at(-1, time);
        }
        if let Some(seat) = seat {
            self.oldest.leave(seat);
        }
    }
}

impl Ended {
    /// The place of this outcome's counter.
    #[inline]
    pub(super) fn of(&self, outcome: &Outcome) -> Option<&OnceLock<Arc<Counter>>> {
        self.0.get(outcome.ending as usize)?.get(outcome.verdict as usize)
    }
}

fn mix_server(mixer: Mixer, server: Option<Authority>) -> Mixer {
    match server {
        Some(Authority { host, port }) => mixer.text(host).number(port.map_or(1 << 16, u64::from)),
        None => mixer,
    }
}

fn same_server(one: Option<Authority>, other: Option<Authority>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.port == other.port && same(one.host, other.host),
        (None, None) => true,
        _ => false,
    }
}
