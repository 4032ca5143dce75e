//! The oldest exchange in flight: what is stuck shows here before it shows anywhere else.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_core::nanos;

use crate::store::{Clock, Collect, Descriptor, Sample};

/// At most this many exchanges of one side and protocol are looked at; further ones are in flight unseen.
const PLACES: usize = 512;

/// Places that an exchange tries before it goes unseen.
const TRIES: usize = 4;

/// When the exchanges of one side and protocol arrived, in a table of fixed size.
#[derive(Debug)]
pub(crate) struct Oldest {
    side: &'static str,
    protocol: &'static str,
    clock: Clock,
    /// Nanoseconds of the clock, plus one; zero is a free place.
    arrivals: Box<[AtomicU64]>,
}

/// How far apart threads begin: coprime to the places, so that all get a beginning of their own.
const STRIDE: usize = 61;

/// An exchange's place, to be given back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat(u16);

impl Oldest {
    pub(crate) fn new(side: &'static str, protocol: &'static str, clock: Clock) -> Arc<Self> {
        let arrivals = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Arc::new(Self { side, protocol, clock, arrivals })
    }

    /// Takes a place for what arrived at this time of the clock; `None` in a crowd, which shows its age all the same.
    #[inline]
    pub(crate) fn arrive(&self, time: Duration) -> Option<Seat> {
        let arrived = nanos::wrapping(time) + 1;
        (0..TRIES).find_map(|_| {
            let place = next() % PLACES;
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
        oldest.map_or(Duration::ZERO, |arrived| self.clock.elapsed().saturating_sub(arrived))
    }
}

/// The place to try next. Each thread goes round by itself, from somewhere else: they share no word for it.
fn next() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NEXT: Cell<usize> = Cell::new(THREADS.fetch_add(1, Relaxed) * STRIDE);
    }
    // A thread whose locals are gone begins where all do.
    NEXT.try_with(|next| next.replace(next.get() + 1)).unwrap_or_default()
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
