//! What only some series need: copies of the counts for threads that meet, and places for exemplars.

use tower_telemetry_core::TraceIds;

use super::clock::Clock;
use super::exemplar::Exemplar;
use super::measure::Measure;
use super::slot::Slot;
use super::sync::{AtomicU32, OnceLock, Ordering::Relaxed, change_lane, lane};

/// Meetings of two threads before a series is worth the memory. A rare one stays as small as it is.
#[cfg(not(loom))]
const MEETINGS: u32 = 64;
#[cfg(loom)]
const MEETINGS: u32 = 1;

/// Nothing, until threads meet on a series or a trace is sampled: most series are cold, and stay small.
///
/// A recording that finds its count changed under its hands reports the meeting. After a few of them the series is
/// taken for hot: each thread gets a copy of the counts, by its lane, and moves on to another when it meets somebody
/// there. What was counted before stays where it is; a reader adds everything up.
#[derive(Debug)]
pub(crate) struct Annex<S: 'static> {
    rooms: OnceLock<Box<Rooms<S>>>,
}

#[derive(Debug)]
struct Rooms<S: 'static> {
    copies: OnceLock<Box<[S]>>,
    meetings: AtomicU32,
    slots: OnceLock<Box<[Slot]>>,
}

impl<S> Annex<S> {
    pub(crate) fn new() -> Self {
        Self { rooms: OnceLock::new() }
    }

    /// Whether it is still nothing.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.rooms.get().is_none()
    }

    /// The copy of this thread, once there are copies.
    #[inline]
    pub(crate) fn mine(&self) -> Option<&S> {
        let copies = self.rooms.get()?.copies.get()?;
        // The number of copies is a power of two.
        copies.get(lane() & (copies.len() - 1))
    }

    /// All copies.
    pub(crate) fn copies(&self) -> &[S] {
        self.rooms.get().and_then(|rooms| rooms.copies.get()).map_or(&[], |copies| copies)
    }

    /// Tells that two threads met, on the first counts or on a copy.
    #[cold]
    #[inline(never)]
    pub(crate) fn met(&self, make: impl Fn() -> S) {
        change_lane();
        let Rooms { copies, meetings, .. } = self.rooms();
        if copies.get().is_none() && meetings.fetch_add(1, Relaxed) + 1 >= MEETINGS {
            copies.get_or_init(|| (0..processors()).map(|_| make()).collect());
        }
    }

    /// Offers an exemplar to one of `slots` places. Apart: few traces are sampled.
    #[inline(never)]
    pub(crate) fn offer(&self, slots: usize, slot: usize, ids: &TraceIds, steps: u64, clock: &Clock) {
        let slots = self.rooms().slots.get_or_init(|| (0..slots).map(|_| Slot::new()).collect());
        if let Some(slot) = slots.get(slot) {
            slot.offer(ids, steps, clock);
        }
    }

    /// What each place holds; nothing if there was never an offer.
    pub(crate) fn exemplars(&self, measure: Measure) -> impl Iterator<Item = Option<Exemplar>> {
        let slots = self.rooms.get().and_then(|rooms| rooms.slots.get());
        slots.into_iter().flatten().map(move |slot| slot.read(measure))
    }

    #[inline]
    fn rooms(&self) -> &Rooms<S> {
        self.rooms.get_or_init(|| {
            Box::new(Rooms { copies: OnceLock::new(), meetings: AtomicU32::new(0), slots: OnceLock::new() })
        })
    }
}

#[cfg(not(loom))]
fn processors() -> usize {
    // More copies than that cost each reader more than they spare the writers.
    const MOST: usize = 16;
    std::thread::available_parallelism().map_or(4, |threads| threads.get().next_power_of_two()).clamp(2, MOST)
}

#[cfg(loom)]
fn processors() -> usize {
    2
}
