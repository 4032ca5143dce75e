//! The common random number of a trace, which all its samplers compare with their thresholds.

use tower_telemetry_core::trace_ids::TraceId;

use crate::sampling::hex;

/// 56 random bits that belong to a trace: the `R` of OpenTelemetry's consistent probability sampling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Randomness(u64);

impl Randomness {
    /// The last 7 bytes of a trace id.
    ///
    /// They are presumed to be random whether or not the trace says so, as the specification asks of samplers: a
    /// hop that knows only level 1 of the W3C standard drops the flag. Who makes other ids has to write `rv`.
    #[must_use]
    pub const fn of_trace(id: TraceId) -> Self {
        Self((u128::from_be_bytes(id.to_bytes()) as u64) & hex::MAX)
    }

    /// Reads an explicit value, `rv`: exactly 14 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_digits(digits: &str) -> Option<Self> {
        (digits.len() == hex::DIGITS).then_some(digits).and_then(hex::read).map(Self)
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_last_seven_bytes_of_a_trace_id_are_its_randomness() {
        let id = TraceId::from_hex(b"ffffffffffffffffff6e6d1a75832a2f").unwrap();
        assert_eq!(Randomness::of_trace(id), Randomness::from_digits("6e6d1a75832a2f").unwrap());
    }

    #[test]
    fn an_explicit_value_has_exactly_fourteen_lower_case_digits() {
        assert!(Randomness::from_digits("00000000000000").is_some());
        for digits in
            ["", "6e6d1a75832a2", "6e6d1a75832a2f0", "6E6D1A75832A2F", "6e6d1a75832a2g", "+e6d1a75832a2f"]
        {
            assert_eq!(Randomness::from_digits(digits), None, "{digits}");
        }
    }
}
