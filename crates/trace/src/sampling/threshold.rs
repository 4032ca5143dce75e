//! The rejection threshold of a probability.

use std::fmt;

use crate::sampling::hex;
use crate::sampling::randomness::Randomness;

/// How many hexadecimal digits of a probability count, as the specification recommends.
const PRECISION: u32 = 4;

/// How many of 2^56 traces are rejected: the `T` of OpenTelemetry's consistent probability sampling, `th` on the wire.
///
/// A trace is kept if its [`Randomness`] is not below. All who sample a trace this way agree: what is kept at one
/// probability is kept at every higher one. Thresholds are ordered; a later stage may only raise that of an
/// earlier one (`max`), since what was rejected before cannot come back.
///
/// ```
/// use tower_telemetry_trace::sampling::Threshold;
///
/// let one_percent = Threshold::of_probability(0.01).unwrap();
/// assert_eq!(one_percent.to_string(), "fd70a");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Threshold(u64);

impl Threshold {
    /// Nothing is rejected: the probability is 1.
    pub const ALWAYS: Self = Self(0);

    /// The threshold of a probability, to 4 significant hexadecimal digits.
    ///
    /// Above 1 is 1. `None` below 2^-56 and for NaN: never is no probability.
    #[must_use]
    pub fn of_probability(probability: f64) -> Option<Self> {
        const ALL: u64 = hex::MAX + 1;
        // Exact: scaling by a power of two changes the exponent alone.
        let kept = probability.min(1.0) * ALL as f64;
        if probability.is_nan() || kept < 1.0 {
            return None;
        }
        // Leading `f`s tell no more than zeros behind the point do: digits count from behind them.
        let bits = u64::BITS - (kept as u64).leading_zeros();
        let leading = 56_u32.saturating_sub(bits) / 4;
        let unit = 1_u64 << (4 * (hex::DIGITS as u32).saturating_sub(PRECISION + leading));
        let kept = (kept / unit as f64).round().max(1.0) as u64 * unit;
        Some(Self(ALL.saturating_sub(kept)))
    }

    /// Reads the value of `th`: 1 to 14 lower-case hexadecimal digits, zeros at the end left out.
    #[must_use]
    pub fn from_digits(digits: &str) -> Option<Self> {
        hex::read(digits).map(Self)
    }

    /// Whether a trace with this randomness is kept.
    #[must_use]
    pub const fn keeps(self, randomness: Randomness) -> bool {
        randomness.bits() >= self.0
    }

    /// The probability that this threshold stands for; a kept trace stands for one over it.
    #[must_use]
    pub fn probability(self) -> f64 {
        (hex::MAX + 1 - self.0) as f64 / (hex::MAX + 1) as f64
    }

    /// Writes the digits, zeros at the end left out. By hand: a trace that is kept waits for no formatter.
    pub(super) fn write_to(self, text: &mut impl fmt::Write) -> fmt::Result {
        let zeros = (self.0.trailing_zeros() as usize / 4).min(hex::DIGITS - 1);
        (zeros..hex::DIGITS).rev().try_for_each(|place| text.write_char(hex::digit(self.0 >> (4 * place))))
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits & hex::MAX)
    }
}

/// The value of `th`.
impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    /// The table of the specification, at its default precision.
    #[test]
    fn probabilities_are_written_as_the_specification_writes_them() {
        for (one_in, digits) in [
            (1.0, "0"),
            (2.0, "8"),
            (3.0, "aaab"),
            (4.0, "c"),
            (5.0, "cccd"),
            (8.0, "e"),
            (10.0, "e666"),
            (16.0, "f"),
            (100.0, "fd70a"),
            (1_000.0, "ffbe77"),
            (10_000.0, "fff9724"),
            (100_000.0, "ffff583a"),
            (1_000_000.0, "ffffef39"),
        ] {
            assert_eq!(Threshold::of_probability(1.0 / one_in).unwrap().to_string(), digits, "1 in {one_in}");
        }
        assert_eq!(Threshold::of_probability(0.03).unwrap().to_string(), "f851f");
    }

    #[test]
    fn never_is_no_probability() {
        for probability in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY, 2_f64.powi(-57)] {
            assert_eq!(Threshold::of_probability(probability), None, "{probability}");
        }
        assert_eq!(Threshold::of_probability(2_f64.powi(-56)).unwrap().to_string(), "ffffffffffffff");
        for probability in [1.0, 1.5, f64::INFINITY, 0.999_999_999] {
            assert_eq!(Threshold::of_probability(probability), Some(Threshold::ALWAYS), "{probability}");
        }
    }

    #[test]
    fn what_is_written_is_read_back_and_stands_for_the_probability() {
        for probability in [1.0, 0.9, 0.5, 1.0 / 3.0, 0.1, 0.03, 0.01, 1e-3, 1e-6, 1e-9, 1e-15] {
            let threshold = Threshold::of_probability(probability).unwrap();
            assert_eq!(Threshold::from_digits(&threshold.to_string()), Some(threshold), "{probability}");
            let error = (threshold.probability() / probability - 1.0).abs();
            assert!(error < 1e-3, "{probability} is off by {error}");
        }
    }

    #[test]
    fn digits_are_lower_case_and_between_one_and_fourteen() {
        assert_eq!(Threshold::from_digits("c"), Threshold::from_digits("c0000000000000"));
        assert_eq!(Threshold::from_digits("0"), Some(Threshold::ALWAYS));
        for digits in ["", "C", "0x8", "-1", "+8", "c00000000000000", "8 "] {
            assert_eq!(Threshold::from_digits(digits), None, "{digits:?}");
        }
    }

    #[test]
    fn randomness_at_the_threshold_is_kept() {
        let threshold = Threshold::from_digits("c").unwrap();
        assert!(threshold.keeps(Randomness::from_digits("c0000000000000").unwrap()));
        assert!(!threshold.keeps(Randomness::from_digits("bfffffffffffff").unwrap()));
    }
}
