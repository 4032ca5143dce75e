//! The upper bounds of a histogram's buckets.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::names::DURATION_BOUNDS;

use super::measure::Measure;

/// Inclusive upper bounds: finite, strictly increasing, at least one.
///
/// The bucket above the last bound (`+Inf`) is always there and is not written. Bounds of durations are compared
/// in whole nanoseconds, so a recording of exactly 5 ms falls into the bucket `0.005`. Cloning is cheap.
///
/// The default is the advice of the OpenTelemetry semantic conventions for durations, 0.005 to 10.
///
/// ```
/// use tower_telemetry_metrics::Bounds;
///
/// let bounds = Bounds::from_seconds(&[0.1, 1.0, 60.0])?;
/// assert_eq!(bounds.upper(), [0.1, 1.0, 60.0]);
/// assert!(Bounds::from_seconds(&[1.0, 0.1]).is_err());
/// # Ok::<(), tower_telemetry_metrics::BoundsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    measure: Measure,
    upper: Arc<[f64]>,
    // What recordings are compared with: integers spare each a conversion to a float.
    steps: Arc<[u64]>,
}

/// Why a list of bounds makes no histogram.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BoundsError {
    /// The list has no bound.
    Empty,
    /// This bound is NaN, infinite, negative where that has no meaning, longer than a `u64` of nanoseconds (584
    /// years) or beyond a `u64`.
    OutOfRange {
        /// The bound.
        bound: f64,
    },
    /// This bound is not at least one nanosecond, one whole number, or one float above the one before it.
    NotIncreasing {
        /// The bound before.
        before: f64,
        /// The bound.
        bound: f64,
    },
}

impl Bounds {
    /// Checks and takes over a list of upper bounds in seconds, for durations.
    ///
    /// # Errors
    ///
    /// [`BoundsError`] when the list is empty, or a bound is out of range or not above the one before it.
    pub fn from_seconds(seconds: &[f64]) -> Result<Self, BoundsError> {
        Self::new(Measure::Seconds, seconds)
    }

    /// Checks and takes over a list of upper bounds for whole numbers, such as bytes.
    ///
    /// # Errors
    ///
    /// As [`from_seconds`](Self::from_seconds).
    pub fn from_values(values: &[f64]) -> Result<Self, BoundsError> {
        Self::new(Measure::Whole, values)
    }

    /// Checks and takes over a list of upper bounds for numbers that need not be whole, such as ratios. They may be
    /// negative: bounds are often made by a formula, and a bucket that nothing falls into does no harm.
    ///
    /// # Errors
    ///
    /// As [`from_seconds`](Self::from_seconds).
    pub fn from_floats(floats: &[f64]) -> Result<Self, BoundsError> {
        Self::new(Measure::Float, floats)
    }

    /// The bounds in the unit of the family, without `+Inf`.
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// No bound at all: a histogram of count and sum.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn none(measure: Measure) -> Self {
        Self { measure, upper: Arc::default(), steps: Arc::default() }
    }

    /// What the bounds are bounds of.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// The bounds in steps.
    pub(crate) fn steps(&self) -> &[u64] {
        &self.steps
    }

    fn new(measure: Measure, upper: &[f64]) -> Result<Self, BoundsError> {
        if upper.is_empty() {
            return Err(BoundsError::Empty);
        }
        let mut steps: Vec<u64> = Vec::with_capacity(upper.len());
        let mut before = f64::NEG_INFINITY;
        for &bound in upper {
            let limit = measure.steps(bound).ok_or(BoundsError::OutOfRange { bound })?;
            let is_above = match measure {
                Measure::Float => before < bound,
                Measure::Seconds | Measure::Whole => steps.last().is_none_or(|last| *last < limit),
            };
            if !is_above {
                return Err(BoundsError::NotIncreasing { before, bound });
            }
            steps.push(limit);
            before = bound;
        }
        Ok(Self { measure, upper: upper.into(), steps: steps.into() })
    }
}

impl Default for Bounds {
    fn default() -> Self {
        let measure = Measure::Seconds;
        let steps = DURATION_BOUNDS.iter().filter_map(|bound| measure.steps(*bound)).collect();
        Self { measure, upper: DURATION_BOUNDS.into(), steps }
    }
}

impl fmt::Display for BoundsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a histogram needs at least one bound: add one"),
            Self::OutOfRange { bound } => {
                write!(
                    f,
                    "the bound {bound} cannot be reached: give finite numbers, and no negative ones for durations \
                     and whole numbers"
                )
            }
            Self::NotIncreasing { before, bound } => write!(
                f,
                "the bound {bound} stands after {before}: sort the bounds and keep them one step apart"
            ),
        }
    }
}

impl Error for BoundsError {}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_what_a_checked_list_gives() {
        assert_eq!(Bounds::default(), Bounds::from_seconds(DURATION_BOUNDS).unwrap());
    }

    #[test]
    fn a_list_that_makes_no_histogram_is_refused() {
        use BoundsError::{Empty, NotIncreasing};
        assert_eq!(Bounds::from_seconds(&[]), Err(Empty));
        assert_eq!(Bounds::from_seconds(&[1.0, 2.0, 2.0]), Err(NotIncreasing { before: 2.0, bound: 2.0 }));
        assert_eq!(Bounds::from_seconds(&[1.0, 0.5]), Err(NotIncreasing { before: 1.0, bound: 0.5 }));
        assert_eq!(Bounds::from_seconds(&[1e-10, 2e-10]), Err(NotIncreasing { before: 1e-10, bound: 2e-10 }));
        for bound in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -1e-12, 1e12] {
            let refused = Bounds::from_seconds(&[bound]);
            assert!(matches!(refused, Err(BoundsError::OutOfRange { .. })), "{bound}: {refused:?}");
        }
    }

    #[test]
    fn bounds_of_floats_may_be_negative_and_keep_their_order() {
        let bounds = [-5.0, -1.0, -0.0, 1e-300, 0.3];
        assert_eq!(Bounds::from_floats(&bounds).unwrap().upper(), bounds);
        use BoundsError::NotIncreasing;
        assert_eq!(Bounds::from_floats(&[-1.0, -5.0]), Err(NotIncreasing { before: -1.0, bound: -5.0 }));
        assert_eq!(Bounds::from_floats(&[-0.0, 0.0]), Err(NotIncreasing { before: -0.0, bound: 0.0 }));
        assert!(Bounds::from_floats(&[f64::NAN]).is_err());
    }

    #[test]
    fn an_error_says_what_to_change() {
        let text = Bounds::from_seconds(&[1.0, 0.5]).unwrap_err().to_string();
        assert_eq!(text, "the bound 0.5 stands after 1: sort the bounds and keep them one step apart");
    }
}
