//! The lowest and the highest level of the last minute.

use std::time::Duration;

use super::clock::Clock;
use super::sync::{AtomicU64, Ordering::Relaxed};

/// How long a slot of the ring takes notes.
const TICK: Duration = Duration::from_secs(5);
/// Slots of the ring: a minute.
const TICKS: u64 = 12;

/// The bits of a level within a note. The rest is the tick, which comes round after 60 days: long after the ring.
const LEVEL_BITS: u32 = 44;
const TICK_MASK: u64 = (1 << (u64::BITS - LEVEL_BITS)) - 1;
const LEVEL_MOST: i64 = (1 << (LEVEL_BITS - 1)) - 1;

/// A ring of notes, so that a peak between two scrapes is seen by each of them, however many there are.
///
/// A note holds its tick and its level in one word: to begin a slot anew and to note a level is one exchange, and no
/// thread can undo what another has noted. Levels beyond ±2^43 are noted as that.
#[derive(Debug)]
pub(crate) struct Extremes {
    clock: Clock,
    slots: [Slot; TICKS as usize],
}

/// What is noted of one tick, and of those a ring before it.
#[derive(Debug, Default)]
struct Slot {
    lowest: AtomicU64,
    highest: AtomicU64,
}

/// Which of two levels of one tick a note keeps.
type Keep = fn(i64, i64) -> i64;

impl Extremes {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, slots: std::array::from_fn(|_| Slot::default()) }
    }

    /// Notes a change: the level before it held until now.
    pub(crate) fn note(&self, before: i64, after: i64) {
        self.note_at(before, after, self.clock.elapsed());
    }

    /// Notes a change at this time of the clock, which the caller has read.
    #[inline]
    pub(crate) fn note_at(&self, before: i64, after: i64, time: Duration) {
        let tick = tick_of(time);
        if let Some(Slot { lowest, highest }) = self.slots.get((tick % TICKS) as usize) {
            note(lowest, tick, before.min(after), i64::min);
            note(highest, tick, before.max(after), i64::max);
        }
    }

    /// The lowest and the highest level of the last 55 to 60 seconds, that of now included.
    pub(crate) fn read(&self, now: i64) -> (i64, i64) {
        let tick = tick_of(self.clock.elapsed());
        let read = |of: fn(&Slot) -> &AtomicU64, keep: Keep| {
            (0..TICKS.min(tick)).fold(now, |kept, age| {
                let tick = tick - age;
                let word = self.slots.get((tick % TICKS) as usize).map_or(0, |slot| of(slot).load(Relaxed));
                if is_of(word, tick) { keep(kept, level_of(word)) } else { kept }
            })
        };
        (read(|slot| &slot.lowest, i64::min), read(|slot| &slot.highest, i64::max))
    }
}

/// Counted from 1: a word of zero is a slot without notes.
const fn tick_of(time: Duration) -> u64 {
    time.as_secs() / TICK.as_secs() + 1
}

const fn is_of(word: u64, tick: u64) -> bool {
    word != 0 && word & TICK_MASK == tick & TICK_MASK
}

#[inline]
fn note(slot: &AtomicU64, tick: u64, level: i64, keep: impl Fn(i64, i64) -> i64) {
    let word = slot.load(Relaxed);
    let known = level_of(word);
    // Most notes change nothing.
    if !is_of(word, tick) || keep(level, known) != known {
        note_anew(slot, tick, level, keep);
    }
}

#[cold]
fn note_anew(slot: &AtomicU64, tick: u64, level: i64, keep: impl Fn(i64, i64) -> i64) {
    // Fails only where another thread has noted the same meanwhile.
    let _ = slot.fetch_update(Relaxed, Relaxed, |word| {
        let kept = if is_of(word, tick) { keep(level, level_of(word)) } else { level };
        let next = pack(tick, kept);
        (next != word).then_some(next)
    });
}

fn pack(tick: u64, level: i64) -> u64 {
    let level = level.clamp(-LEVEL_MOST, LEVEL_MOST);
    (level << (u64::BITS - LEVEL_BITS)) as u64 | (tick & TICK_MASK)
}

fn level_of(word: u64) -> i64 {
    word as i64 >> (u64::BITS - LEVEL_BITS)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::store::ManualClock;

    #[test]
    fn a_peak_is_seen_for_a_minute_by_every_reader() {
        let time = ManualClock::new(SystemTime::UNIX_EPOCH);
        let extremes = Extremes::new(time.clock());
        assert_eq!(extremes.read(3), (3, 3));
        extremes.note(3, 9);
        extremes.note(9, -4);
        extremes.note(-4, 2);
        for _ in 0..11 {
            assert_eq!([extremes.read(2), extremes.read(2)], [(-4, 9); 2]);
            time.advance(TICK);
        }
        assert_eq!(extremes.read(2), (-4, 9));
        time.advance(TICK);
        assert_eq!(extremes.read(2), (2, 2));
    }

    #[test]
    fn a_level_that_held_for_long_counts_until_it_changes() {
        let time = ManualClock::new(SystemTime::UNIX_EPOCH);
        let extremes = Extremes::new(time.clock());
        extremes.note(0, 7);
        time.advance(Duration::from_secs(3600));
        extremes.note(7, 3);
        assert_eq!(extremes.read(3), (3, 7), "what was noted an hour ago is gone, the level of then is not");
    }

    #[test]
    fn a_level_keeps_its_sign_and_stops_at_its_ends() {
        for level in [0, 1, -1, LEVEL_MOST, -LEVEL_MOST] {
            assert_eq!(level_of(pack(TICK_MASK, level)), level);
        }
        assert_eq!(level_of(pack(0, i64::MAX)), LEVEL_MOST);
        assert_eq!(level_of(pack(0, i64::MIN)), -LEVEL_MOST);
    }
}
