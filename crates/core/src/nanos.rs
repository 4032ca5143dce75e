//! Durations as nanoseconds in 64 bits, which a processor counts and divides by itself.

use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// Nanoseconds; 584 years at most.
#[must_use]
#[inline]
pub const fn saturating(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(SECOND).saturating_add(duration.subsec_nanos() as u64)
}

/// Nanoseconds of what lasts no 584 years, without a look at whether it does: beyond, they begin anew.
///
/// Of a duration that was made of nanoseconds it is those, and the compiler sees that nothing is left to count.
#[must_use]
#[inline]
pub const fn wrapping(duration: Duration) -> u64 {
    duration.as_secs().wrapping_mul(SECOND).wrapping_add(duration.subsec_nanos() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_the_same_either_way() {
        for nanos in [0, 1, SECOND - 1, SECOND, SECOND + 1, u64::MAX - 1, u64::MAX] {
            let duration = Duration::from_nanos(nanos);
            assert_eq!((saturating(duration), wrapping(duration)), (nanos, nanos));
        }
    }

    #[test]
    fn what_does_not_fit_is_the_most_or_begins_anew() {
        let longest = Duration::from_nanos(u64::MAX);
        for beyond in [Duration::from_nanos(1), Duration::from_secs(1), Duration::from_secs(u64::MAX / 2)] {
            let (duration, expected) = (longest + beyond, beyond.as_nanos() - 1);
            assert_eq!((saturating(duration), wrapping(duration)), (u64::MAX, expected as u64));
        }
    }
}
