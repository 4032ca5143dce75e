//! How much of what ends is kept.

use std::fmt;

use crate::sampling::route_latency::Measure;

/// Keeping at the end what a head cannot know to matter: the settings of a [`Keeper`](super::Keeper).
///
/// Kept is each exchange with a fault of the service, each that takes longer than its route's live threshold, the
/// first calls of a route, and what a callee kept. Each minute a route's latency is estimated, by the quantile of as
/// many of its last ten minutes as it takes to have 200 calls; at least 50. The threshold is the least of the last
/// five estimates, so that an incident does not raise its own bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    quantile: f64,
    cold_calls: u32,
}

impl Tail {
    /// The share of a route's calls that are not slow; 0.97 by default.
    ///
    /// Kept within 0.5 and 0.9999, beyond which a histogram of one minute tells nothing.
    #[must_use]
    pub fn quantile(mut self, quantile: f64) -> Self {
        self.quantile =
            if quantile.is_nan() { Self::default().quantile } else { quantile.clamp(0.5, 0.9999) };
        self
    }

    /// How many of the first calls of a route are kept; 60 by default.
    ///
    /// With fewer than 50, nothing is slow before the first minute is over.
    #[must_use]
    pub const fn cold_calls(mut self, calls: u32) -> Self {
        self.cold_calls = calls;
        self
    }

    pub(super) const fn measure(self) -> Measure {
        Measure { quantile: self.quantile, cold: self.cold_calls }
    }
}

impl Default for Tail {
    fn default() -> Self {
        Self { quantile: 0.97, cold_calls: 60 }
    }
}

impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As a percentile: 0.97 is p97, and not p97.00000000000001.
        let percentile = (self.quantile * 1e4).round() / 1e2;
        write!(f, "errors, calls above p{percentile} of their route")?;
        if self.cold_calls > 0 {
            write!(f, ", the first {} of a route", self.cold_calls)?;
        }
        Ok(())
    }
}
