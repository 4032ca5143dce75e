//! How many spans a trace will have here, before it has them.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is presumed of the first traces, which the true ones soon outweigh; rather too much than too little.
const FIRST_GUESS: (u64, u64) = (4, 32);
/// After how many traces the old ones count for half.
const MEMORY: u64 = 512;

/// The average number of spans of the traces that were kept at their head.
///
/// A head pays when it says yes, and its calls come later: they are paid for with it, by what was usual so far.
#[derive(Debug)]
pub(super) struct Cost {
    traces: AtomicU64,
    spans: AtomicU64,
}

impl Cost {
    pub(super) const fn new() -> Self {
        Self { traces: AtomicU64::new(FIRST_GUESS.0), spans: AtomicU64::new(FIRST_GUESS.1) }
    }

    /// The spans of the next trace, rounded up.
    pub(super) fn of_a_trace(&self) -> usize {
        let traces = self.traces.load(Ordering::Relaxed).max(1);
        usize::try_from(self.spans.load(Ordering::Relaxed).div_ceil(traces)).unwrap_or(usize::MAX).max(1)
    }

    /// A trace began, with its first span.
    pub(super) fn trace(&self) {
        self.span();
        // Two threads that halve at once forget more than they should: an average does not mind.
        if self.traces.fetch_add(1, Ordering::Relaxed) + 1 >= MEMORY {
            self.traces.store(MEMORY / 2, Ordering::Relaxed);
            self.spans.store(self.spans.load(Ordering::Relaxed) / 2, Ordering::Relaxed);
        }
    }

    /// One more span of a trace that began before.
    pub(super) fn span(&self) {
        self.spans.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_follows_what_traces_have() {
        let cost = Cost::new();
        assert_eq!(cost.of_a_trace(), 8);
        let traces = |count, spans| {
            for _ in 0..count {
                cost.trace();
                (1..spans).for_each(|_| cost.span());
            }
        };
        traces(200, 1);
        assert_eq!(cost.of_a_trace(), 2);
        traces(2000, 1);
        assert_eq!(cost.of_a_trace(), 1);
        traces(4000, 20);
        assert!((20..=21).contains(&cost.of_a_trace()), "{}", cost.of_a_trace());
    }
}
