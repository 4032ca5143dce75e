//! Moments, in the seconds of OpenMetrics.

use std::time::SystemTime;

/// Appends the seconds since 1970, to the millisecond: what a Prometheus server keeps. Nothing before 1970.
pub(crate) fn seconds(time: SystemTime, out: &mut String) {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    out.push_str(itoa::Buffer::new().format(since.as_secs()));
    let mut buffer = itoa::Buffer::new();
    // With a leading one, the digits behind it keep their zeros.
    let millis = buffer.format(1000 + since.subsec_millis());
    let millis = millis.trim_end_matches('0').get(1..).unwrap_or_default();
    if !millis.is_empty() {
        out.push('.');
        out.push_str(millis);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn moments_are_told_to_the_millisecond() {
        for (millis, expected) in [
            (0, "0"),
            (1_700_000_000_000, "1700000000"),
            (1_700_000_000_123, "1700000000.123"),
            (1_700_000_000_500, "1700000000.5"),
            (1_700_000_000_007, "1700000000.007"),
        ] {
            let mut out = String::new();
            seconds(SystemTime::UNIX_EPOCH + Duration::from_millis(millis), &mut out);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_moment_before_1970_is_told_as_its_first() {
        let mut out = String::new();
        seconds(SystemTime::UNIX_EPOCH - Duration::from_secs(1), &mut out);
        assert_eq!(out, "0");
    }
}
