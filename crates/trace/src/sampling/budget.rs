//! How many spans a second may cost, and who may spend them.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tower_telemetry_core::nanos;

use crate::sampling::bucket::TokenBucket;

/// How deep the buckets are: no second sees more than 1.35 times the budget.
const DEPTH: Duration = Duration::from_millis(350);
/// How long after a refusal the head's probability is unknown, in nanoseconds.
const DOUBT: u64 = 1_000_000_000;

/// Spans per second for all that is kept, in pools: a storm of one kind leaves the others theirs.
#[derive(Debug)]
pub struct Budget {
    rate: f64,
    pools: [TokenBucket; 3],
    refused: [AtomicU64; 3],
    /// When the head pool last refused, in nanoseconds, plus one; zero for never.
    last_refusal: AtomicU64,
}

/// What a part of the budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// Faults of the service.
    Errors,
    /// The slow, the first calls of a route, and what callees kept.
    Slow,
    /// What was decided at the head.
    Head,
}

impl Pool {
    /// Every pool, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Errors, Self::Slow, Self::Head];

    /// `errors`, `slow` or `head`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Errors => "errors",
            Self::Slow => "slow",
            Self::Head => "head",
        }
    }
}

impl Budget {
    /// A budget of this many spans per second: 40 % for errors, 40 % for slow ones, 20 % for the head.
    #[must_use]
    pub fn shared(spans_per_second: f64) -> Self {
        Self::new(spans_per_second, [0.4, 0.4, 0.2])
    }

    /// A budget of this many spans per second where the head alone decides.
    #[must_use]
    pub fn of_head(spans_per_second: f64) -> Self {
        Self::new(spans_per_second, [0.0, 0.0, 1.0])
    }

    /// The whole, in spans per second.
    #[must_use]
    pub const fn rate(&self) -> f64 {
        self.rate
    }

    /// Pays for `spans` from this pool, all or none; says whether it did, and counts a refusal.
    pub fn pay(&self, pool: Pool, at: Duration, spans: usize) -> bool {
        self.take(&[pool], at, spans)
    }

    /// Takes `spans` from the first of these pools that holds them; where none does, counts a refusal of the first.
    pub(super) fn take(&self, pools: &[Pool], at: Duration, spans: usize) -> bool {
        let paid = pools.iter().any(|&pool| self.pool(pool).take(at, spans));
        if !paid && let Some(&first) = pools.first() {
            self.refuse(first, at);
        }
        paid
    }

    /// Whether the pool could pay for this now.
    pub(super) fn holds(&self, pool: Pool, at: Duration, spans: usize) -> bool {
        self.pool(pool).holds(at, spans)
    }

    /// Whether the head pool refused somebody in the last second: what is kept then is kept with a lower
    /// probability than was asked for, and none may be claimed.
    pub(super) fn refuses_heads(&self, at: Duration) -> bool {
        match self.last_refusal.load(Ordering::Relaxed) {
            0 => false,
            last => nanos::saturating(at) < last.saturating_add(DOUBT),
        }
    }

    /// How many exchanges were to be kept, by what this pool is for, and were not, for want of budget.
    #[must_use]
    pub fn refused(&self, pool: Pool) -> u64 {
        of(&self.refused, pool).load(Ordering::Relaxed)
    }

    fn new(rate: f64, shares: [f64; 3]) -> Self {
        // A share of nothing is nothing, of an infinite budget too.
        let pools = shares.map(|share| TokenBucket::new(if share > 0.0 { rate * share } else { 0.0 }, DEPTH));
        Self { rate, pools, refused: Default::default(), last_refusal: AtomicU64::new(0) }
    }

    fn refuse(&self, pool: Pool, at: Duration) {
        of(&self.refused, pool).fetch_add(1, Ordering::Relaxed);
        if pool == Pool::Head {
            self.last_refusal.fetch_max(nanos::saturating(at).saturating_add(1), Ordering::Relaxed);
        }
    }

    const fn pool(&self, pool: Pool) -> &TokenBucket {
        of(&self.pools, pool)
    }
}

const fn of<T>([errors, slow, head]: &[T; 3], pool: Pool) -> &T {
    match pool {
        Pool::Errors => errors,
        Pool::Slow => slow,
        Pool::Head => head,
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rate.is_finite() {
            write!(f, "at most {} spans/s", self.rate)
        } else {
            f.write_str("any number of spans/s")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_storm_of_one_kind_leaves_the_others_theirs() {
        let budget = Budget::shared(100.0);
        while budget.take(&[Pool::Errors], at(0), 1) {}
        assert_eq!((0..20).filter(|_| budget.take(&[Pool::Slow], at(0), 1)).count(), 14);
        assert_eq!((0..20).filter(|_| budget.take(&[Pool::Head], at(0), 1)).count(), 7);
        assert_eq!(Pool::ALL.map(|pool| budget.refused(pool)), [1, 6, 13]);
    }

    #[test]
    fn a_refusal_of_the_head_makes_its_probability_unknown_for_a_second() {
        let budget = Budget::of_head(10.0);
        assert!(budget.take(&[Pool::Head], at(500), 3));
        assert!(!budget.refuses_heads(at(500)));
        assert!(!budget.take(&[Pool::Head], at(500), 3));
        assert!(budget.refuses_heads(at(500)) && budget.refuses_heads(at(1499)));
        assert!(!budget.refuses_heads(at(1501)));
    }

    #[test]
    fn the_next_pool_pays_where_the_first_cannot_and_nobody_is_refused() {
        let budget = Budget::shared(100.0);
        assert!(budget.take(&[Pool::Errors], at(0), 14));
        assert!(budget.take(&[Pool::Errors, Pool::Head], at(0), 7));
        assert_eq!(Pool::ALL.map(|pool| budget.refused(pool)), [0, 0, 0]);
    }

    #[test]
    fn an_infinite_budget_still_has_no_pools_that_it_was_not_given() {
        assert!(!Budget::of_head(f64::INFINITY).take(&[Pool::Errors], at(0), 1));
        assert!(Budget::shared(f64::INFINITY).take(&[Pool::Errors], at(0), 1_000_000));
    }
}
