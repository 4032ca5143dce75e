//! The oldest exchange in flight: what is stuck shows here before it shows anywhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tower_telemetry_core::Exchange;
use tower_telemetry_core::names::{attribute, metric};

use crate::store::{Collect, Descriptor, Sample};

/// At most this many exchanges of one side and protocol are looked at; further ones are in flight unseen.
const PLACES: usize = 512;

/// Places that an exchange tries before it goes unseen.
const TRIES: usize = 4;

/// When the exchanges of one side and protocol arrived, in a table of fixed size.
#[derive(Debug)]
pub(crate) struct Oldest {
    side: &'static str,
    protocol: &'static str,
    base: Instant,
    next: AtomicUsize,
    /// Nanoseconds after `base`, plus one; zero is a free place.
    arrivals: Box<[AtomicU64]>,
}

/// An exchange's place, to be given back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat(u16);

impl Oldest {
    pub(crate) fn new(side: &'static str, protocol: &'static str) -> Arc<Self> {
        #[allow(clippy::disallowed_methods, reason = "the base that ages are told from")]
        let base = Instant::now();
        let arrivals = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Arc::new(Self { side, protocol, base, next: AtomicUsize::new(0), arrivals })
    }

    /// Takes a place; `None` in a crowd, which shows its age all the same.
    pub(crate) fn arrive(&self, exchange: &Exchange) -> Option<Seat> {
        let arrived = nanos(exchange.arrived_after(self.base)) + 1;
        (0..TRIES).find_map(|_| {
            let place = self.next.fetch_add(1, Relaxed) % PLACES;
            let slot = self.arrivals.get(place)?;
            let free = slot.load(Relaxed) == 0 && slot.compare_exchange(0, arrived, Relaxed, Relaxed).is_ok();
            free.then_some(Seat(place as u16))
        })
    }

    /// Frees a place.
    pub(crate) fn leave(&self, Seat(place): Seat) {
        if let Some(slot) = self.arrivals.get(usize::from(place)) {
            slot.store(0, Relaxed);
        }
    }

    fn age(&self) -> Duration {
        let arrivals = self.arrivals.iter().map(|slot| slot.load(Relaxed)).filter(|arrived| *arrived > 0);
        let oldest = arrivals.min().map(|arrived| Duration::from_nanos(arrived - 1));
        oldest.map_or(Duration::ZERO, |arrived| self.base.elapsed().saturating_sub(arrived))
    }
}

/// Tells the ages of all tables.
#[derive(Debug)]
pub(crate) struct Ages(pub(crate) Vec<Arc<Oldest>>);

impl Collect for Ages {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        const AGE: Descriptor = Descriptor::of(metric::OLDEST_AGE);
        for oldest in &self.0 {
            let labels = [(attribute::SIDE, oldest.side), (attribute::PROTOCOL, oldest.protocol)];
            out(Sample::gauge(&AGE, &labels, oldest.age().as_secs_f64()));
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    // It wraps after 584 years.
    duration.as_nanos() as u64
}
