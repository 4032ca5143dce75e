//! What one route and method has: a histogram for each class of status, and a gauge.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use crate::label::BOUNDS;

#[derive(Debug, Default)]
pub(super) struct Cell {
    classes: [Histogram; 6],
    in_flight: AtomicI64,
}

#[derive(Debug, Default)]
#[repr(align(64))]
struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum: AtomicU64,
}

const NANOSECONDS: [u64; BOUNDS.len()] = {
    let (mut bounds, mut at) = ([0; BOUNDS.len()], 0);
    #[allow(clippy::indexing_slicing, reason = "an index that is wrong does not compile")]
    while at < bounds.len() {
        bounds[at] = (BOUNDS[at] * 1e9) as u64;
        at += 1;
    }
    bounds
};

impl Cell {
    pub(super) fn begin(&self) {
        self.in_flight.fetch_add(1, Relaxed);
    }

    pub(super) fn end(&self, status: u16, after: Duration) {
        let nanoseconds = after.as_nanos() as u64;
        if let Some(histogram) = self.classes.get(usize::from(status / 100)) {
            // How many bounds lie below: no branch, no search.
            let at = NANOSECONDS.iter().map(|bound| usize::from(nanoseconds > *bound)).sum::<usize>();
            if let Some(bucket) = histogram.buckets.get(at) {
                bucket.fetch_add(1, Relaxed);
            }
            histogram.sum.fetch_add(nanoseconds, Relaxed);
        }
        self.in_flight.fetch_sub(1, Relaxed);
    }
}
