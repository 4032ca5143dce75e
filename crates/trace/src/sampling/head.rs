//! What is decided at the head, from the ids alone.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::decide::Parent;
use crate::sampling::adaptive::Adaptive;
use crate::sampling::randomness::Randomness;
use crate::sampling::threshold::Threshold;

/// A decision at the head.
#[derive(Debug, Clone)]
pub struct Head(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Always,
    Never,
    Follow,
    Probability(f64, Threshold),
    Adaptive(Arc<Adaptive>),
}

/// What a head knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) parent: Option<Parent<'a>>,
    pub(super) randomness: Randomness,
    /// Since the start that all moments share.
    pub(super) at: Duration,
}

/// Why a head says yes: what it may claim of the probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// It kept all traces whose randomness is not below.
    Threshold(Threshold),
    /// The parent was kept, whatever it claims.
    Parent,
}

impl Head {
    /// Keeps all: `always_on`.
    #[must_use]
    pub const fn always_on() -> Self {
        Self(Kind::Always)
    }

    /// Keeps none: `always_off`.
    #[must_use]
    pub const fn always_off() -> Self {
        Self(Kind::Never)
    }

    /// Does as the parent did; keeps what has none.
    #[must_use]
    pub const fn as_parent() -> Self {
        Self(Kind::Follow)
    }

    /// Keeps this share of the traces: `traceidratio`.
    ///
    /// By OpenTelemetry's rule for consistent probability: all that sample a trace by it agree, and what is kept at
    /// one probability is kept at every higher one. Nothing is kept at 0, or if it is not a number.
    #[must_use]
    pub fn probability(probability: f64) -> Self {
        Self(match Threshold::of_probability(probability) {
            Some(threshold) => Kind::Probability(probability, threshold),
            None => Kind::Never,
        })
    }

    /// Keeps about as many traces per second as are wanted.
    #[must_use]
    pub fn adaptive(adaptive: Adaptive) -> Self {
        Self(Kind::Adaptive(Arc::new(adaptive)))
    }

    /// Whether it keeps all.
    pub(super) const fn is_always_on(&self) -> bool {
        matches!(self.0, Kind::Always)
    }

    /// Whether it surely does not keep a trace without a parent: one that has to count it first does not tell.
    pub(super) const fn refuses(&self, randomness: Randomness) -> bool {
        match &self.0 {
            Kind::Never => true,
            Kind::Probability(_, threshold) => !threshold.keeps(randomness),
            Kind::Always | Kind::Follow | Kind::Adaptive(_) => false,
        }
    }

    /// What it claims if it keeps the trace.
    pub(super) fn keeps(&self, asked: &Asked<'_>) -> Option<Claim> {
        let threshold = match &self.0 {
            Kind::Always => Threshold::ALWAYS,
            Kind::Never => return None,
            Kind::Follow => {
                return match asked.parent {
                    Some(parent) => parent.ids.flags.is_sampled().then_some(Claim::Parent),
                    None => Some(Claim::Threshold(Threshold::ALWAYS)),
                };
            }
            Kind::Probability(_, threshold) => *threshold,
            Kind::Adaptive(adaptive) => adaptive.next(asked.at),
        };
        threshold.keeps(asked.randomness).then_some(Claim::Threshold(threshold))
    }
}

/// By the names of `OTEL_TRACES_SAMPLER`, where there is one.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Always => f.write_str("always_on"),
            Kind::Never => f.write_str("always_off"),
            Kind::Follow => f.write_str("as_parent"),
            Kind::Probability(probability, _) => write!(f, "traceidratio {probability}"),
            Kind::Adaptive(adaptive) => adaptive.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn what_a_head_refuses_it_does_not_keep_and_only_one_that_counts_may_not_tell() {
        let heads = [0.0, 1e-9, 0.01, 0.5, 1.0].map(Head::probability);
        let heads = heads.into_iter().chain([Head::always_on(), Head::always_off(), Head::as_parent()]);
        for head in heads {
            for digits in
                ["00000000000000", "7fffffffffffff", "80000000000000", "fd70a000000000", "ffffffffffffff"]
            {
                let Some(randomness) = Randomness::from_digits(digits) else { continue };
                let asked = Asked { parent: None, randomness, at: Duration::ZERO };
                assert_eq!(head.refuses(randomness), head.keeps(&asked).is_none(), "{head} {digits}");
            }
        }
        let adaptive = Head::adaptive(Adaptive::new(0.0));
        assert!(Randomness::from_digits("00000000000000").is_some_and(|least| !adaptive.refuses(least)));
    }
}
