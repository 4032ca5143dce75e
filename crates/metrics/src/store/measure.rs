//! What the numbers of a histogram stand for.

const NANOS_PER_SECOND: f64 = 1e9;

/// What is recorded, and with that the step in which it is kept: sums and bounds are whole steps, never rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// Durations: kept in nanoseconds, told in seconds.
    Seconds,
    /// Whole numbers in the unit of the family, such as bytes: kept and told as they are.
    Whole,
    /// Any numbers that are not negative: kept and told as floats.
    Float,
}

impl Measure {
    /// What `steps` are in the unit of the family.
    pub(crate) fn tell(self, steps: u64) -> f64 {
        match self {
            Self::Seconds => steps as f64 / NANOS_PER_SECOND,
            Self::Whole => steps as f64,
            Self::Float => steps.checked_sub(1).map_or(0.0, f64::from_bits),
        }
    }

    /// The steps of a float. The bits of floats that are not negative stand in the order of their numbers; step 0
    /// is left for the bounds below zero, under which nothing is recorded.
    pub(crate) fn float_steps(number: f64) -> u64 {
        if number < 0.0 { 0 } else { number.abs().to_bits() + 1 }
    }

    /// A bound in the unit of the family as a number of steps; `None` when it is NaN, infinite or out of range.
    ///
    /// A duration is rounded: 1.001 * 1e9 is a hair below 1 001 000 000, and the bound means that. Of a whole
    /// number what lies above the last step is cut off: nothing can be recorded there. Those of floats may be
    /// negative.
    pub(crate) fn steps(self, bound: f64) -> Option<u64> {
        let steps = match self {
            Self::Float => return bound.is_finite().then(|| Self::float_steps(bound)),
            Self::Seconds => (bound * NANOS_PER_SECOND).round(),
            Self::Whole => bound.floor(),
        };
        // `u64::MAX as f64` rounds up to 2^64, which is itself out of range.
        (bound >= 0.0 && steps < u64::MAX as f64).then_some(steps as u64)
    }
}
