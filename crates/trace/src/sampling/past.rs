//! What the last minutes of a route were like.

use std::time::Duration;

use crate::sampling::histogram::{BUCKETS, Counts, quantile};

/// How many periods are remembered.
const PERIODS: usize = 10;
/// How many calls an estimate should rest on; where a period has fewer, those before it are pooled with it.
const ENOUGH: u32 = 200;
/// How many it must rest on, of all periods that are remembered.
pub(super) const FEW: u32 = 50;
/// How many calls a period has, so that all of them together have [`FEW`].
pub(super) const FEWEST: u32 = FEW / PERIODS as u32;
/// How many estimates the threshold is the least of: an incident of as many minutes does not raise its own bar, and a
/// change that stays is the new usual after them.
const ESTIMATES: usize = 5;

/// The last periods, and the estimates that were made of them.
#[derive(Debug)]
pub(super) struct Past {
    /// Small, since only what has few calls is pooled; a ring, the next to go at `next`.
    periods: [[u16; BUCKETS]; PERIODS],
    next: usize,
    last: Counts,
    estimates: [Option<Duration>; ESTIMATES],
}

impl Past {
    pub(super) fn new() -> Self {
        Self { periods: [[0; BUCKETS]; PERIODS], next: 0, last: [0; BUCKETS], estimates: [None; ESTIMATES] }
    }

    pub(super) fn remember(&mut self, counts: &Counts) {
        if let Some(period) = self.periods.get_mut(self.next) {
            *period = counts.map(|count| u16::try_from(count).unwrap_or(u16::MAX));
        }
        self.next = (self.next + 1) % PERIODS;
        self.last = *counts;
    }

    /// The least of the last estimates, with one of the period that was just remembered.
    pub(super) fn threshold(&mut self, share: f64) -> Option<Duration> {
        let recent = self.recent();
        if calls(&recent) >= FEW {
            self.estimates.rotate_right(1);
            let [newest, ..] = &mut self.estimates;
            *newest = quantile(&recent, share);
        }
        self.estimates.iter().flatten().min().copied()
    }

    /// The last periods, as many as it takes to have [`ENOUGH`] calls: an incident is forgotten as soon as may be.
    pub(super) fn recent(&self) -> Counts {
        let mut sums = self.last;
        let (newer, older) = self.periods.split_at_checked(self.next).unwrap_or_default();
        // The last one is in the sums already, and not cut to 16 bits.
        for period in newer.iter().rev().chain(older.iter().rev()).skip(1) {
            if calls(&sums) >= ENOUGH {
                break;
            }
            for (sum, &count) in sums.iter_mut().zip(period) {
                *sum = sum.saturating_add(u32::from(count));
            }
        }
        sums
    }
}

fn calls(counts: &Counts) -> u32 {
    counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
}
