//! A probability that follows the traffic.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::sampling::threshold::Threshold;

/// How much the last second counts in the average of the seconds.
const WEIGHT: f64 = 0.2;

/// The probability at which a wanted number of traces per second is kept, whatever the traffic.
///
/// Each second it is set by the moving average of the traces of the seconds before; a rise to more than twice the
/// average is believed at once, a fall to less than half of it by halves. It is 1 until the first second is over, and in a rise for that second: a budget
/// bounds what that may cost. What it keeps is kept consistently, and its threshold is the true one of its moment.
#[derive(Debug)]
pub struct Adaptive {
    target: f64,
    least: f64,
    /// The second that is being counted, since the base.
    second: AtomicU64,
    count: AtomicU64,
    /// The bits of a float; not a number before the first second is over.
    average: AtomicU64,
    threshold: AtomicU64,
}

impl Adaptive {
    /// Keeps about this many traces per second.
    #[must_use]
    pub fn new(traces_per_second: f64) -> Self {
        Self {
            target: traces_per_second.max(0.0),
            least: 1e-4,
            second: AtomicU64::new(0),
            count: AtomicU64::new(0),
            average: AtomicU64::new(f64::NAN.to_bits()),
            threshold: AtomicU64::new(Threshold::ALWAYS.bits()),
        }
    }

    /// The probability that it does not go below; 0.0001 by default.
    #[must_use]
    pub fn min_probability(mut self, probability: f64) -> Self {
        self.least = if probability.is_nan() { self.least } else { probability.clamp(f64::EPSILON, 1.0) };
        self
    }

    /// Counts a trace, and gives the threshold for it.
    pub(super) fn next(&self, at: Duration) -> Threshold {
        let (now, counted) = (at.as_secs(), self.second.load(Ordering::Relaxed));
        // One of those who see the second change evaluates it; the others go on with the threshold as it is.
        if now > counted
            && self.second.compare_exchange(counted, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            self.evaluate(self.count.swap(0, Ordering::Relaxed) as f64, now - counted - 1);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        Threshold::from_bits(self.threshold.load(Ordering::Relaxed))
    }

    /// A second is over that had this many traces, and then some that had none.
    fn evaluate(&self, traces: f64, empty: u64) {
        let average = f64::from_bits(self.average.load(Ordering::Relaxed));
        let weight = match traces / average {
            change if change.is_nan() || change > 2.0 => 1.0,
            change if change < 0.5 => 0.5,
            _ => WEIGHT,
        };
        // The first second has no average before it.
        let average = if average.is_nan() { traces } else { average + weight * (traces - average) };
        let average = average * (1.0 - WEIGHT).powf(empty as f64);
        self.average.store(average.to_bits(), Ordering::Relaxed);
        let probability = (self.target / average).clamp(self.least, 1.0);
        if let Some(threshold) = Threshold::of_probability(probability) {
            self.threshold.store(threshold.bits(), Ordering::Relaxed);
        }
    }
}

impl fmt::Display for Adaptive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "adaptive to {} traces/s", self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::randomness::Randomness;

    /// What is kept in each of these seconds of so many traces, by a number for each trace that is as good as random.
    fn kept(adaptive: &Adaptive, seconds: impl IntoIterator<Item = u64>) -> Vec<usize> {
        let mut trace = 0_u64;
        let second = |(second, traces): (usize, u64)| {
            (0..traces)
                .filter(|call| {
                    trace = trace.wrapping_add(0x9e37_79b9_7f4a_7c15);
                    let at = Duration::from_secs(second as u64) + Duration::from_millis(call * 1000 / traces);
                    let digits = format!("{:014x}", trace >> 8);
                    Randomness::from_digits(&digits).is_some_and(|number| adaptive.next(at).keeps(number))
                })
                .count()
        };
        seconds.into_iter().enumerate().map(second).collect()
    }

    #[test]
    fn steady_traffic_is_kept_at_the_target() {
        let kept = kept(&Adaptive::new(50.0), [1000; 30]);
        assert_eq!(kept.first(), Some(&1000), "nothing is known in the first second");
        assert!(kept.iter().skip(1).all(|kept| (45..=55).contains(kept)), "{kept:?}");
    }

    #[test]
    fn little_traffic_is_kept_whole() {
        assert!(kept(&Adaptive::new(50.0), [40; 10]).iter().all(|&kept| kept == 40));
    }

    #[test]
    fn a_rise_is_met_within_a_second_and_a_fall_within_some() {
        let kept = kept(&Adaptive::new(50.0), [[100; 10], [5000; 10]].concat().into_iter().chain([100; 20]));
        assert!(kept.iter().skip(11).take(9).all(|kept| (45..=55).contains(kept)), "{kept:?}");
        assert!(kept.iter().skip(34).all(|kept| (40..=55).contains(kept)), "{kept:?}");
    }

    #[test]
    fn the_probability_has_a_floor() {
        let kept = kept(&Adaptive::new(1.0).min_probability(0.1), [1000; 10]);
        assert!(kept.iter().skip(1).all(|kept| (95..=105).contains(kept)), "{kept:?}");
    }

    #[test]
    fn silence_is_forgotten() {
        let adaptive = Adaptive::new(50.0);
        kept(&adaptive, [5000, 5000]);
        assert!(adaptive.next(Duration::from_secs(2)).probability() < 0.011);
        assert_eq!(adaptive.next(Duration::from_secs(60)), Threshold::ALWAYS);
    }
}
