//! Numbers and ids as values of headers.

use std::time::Duration;

use http::HeaderValue;
use tower_telemetry_core::trace_ids::TraceId;

/// Whole milliseconds, rounded down. Below a second it allocates nothing.
pub(super) fn whole_millis(time: Duration) -> HeaderValue {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    match usize::try_from(millis).ok().and_then(short) {
        Some(text) => HeaderValue::from_static(text),
        None => HeaderValue::from(millis),
    }
}

/// The 32 digits of a trace id.
pub(super) fn trace_id(id: TraceId) -> HeaderValue {
    // Hexadecimal digits are always legal in a header: the fallback is for the types alone.
    HeaderValue::from_str(id.to_hex().as_ref()).unwrap_or(const { HeaderValue::from_static("") })
}

/// Milliseconds to the microsecond, rounded down, without an allocation: `0.412`.
pub(super) struct Millis {
    digits: [u8; Self::LENGTH],
    from: usize,
}

impl Millis {
    /// Those of the longest time that fits nanoseconds of 64 bits, with its point.
    pub(super) const LENGTH: usize = 18;

    pub(super) fn of(time: Duration) -> Self {
        let mut micros = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX) / 1_000;
        let mut digits = [b'0'; Self::LENGTH];
        let mut from = Self::LENGTH;
        for (place, digit) in digits.iter_mut().rev().enumerate() {
            match place {
                3 => *digit = b'.',
                _ if place > 4 && micros == 0 => break,
                _ => {
                    *digit = b'0' + u8::try_from(micros % 10).unwrap_or_default();
                    micros /= 10;
                }
            }
            from -= 1;
        }
        Self { digits, from }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.from..).unwrap_or_default()
    }
}

/// A number below 1,000 in decimal digits.
fn short(number: usize) -> Option<&'static str> {
    /// `000001002..999`.
    static DIGITS: [u8; 3_000] = {
        let mut digits = [b'0'; 3_000];
        let mut number = 0;
        while number < 1_000 {
            #[allow(
                clippy::indexing_slicing,
                reason = "in a constant, an index out of bounds does not compile"
            )]
            {
                digits[3 * number] = b'0' + (number / 100) as u8;
                digits[3 * number + 1] = b'0' + (number / 10 % 10) as u8;
                digits[3 * number + 2] = b'0' + (number % 10) as u8;
            }
            number += 1;
        }
        digits
    };
    let zeros = usize::from(number < 100) + usize::from(number < 10);
    let at = number.checked_mul(3)?;
    std::str::from_utf8(DIGITS.get(at + zeros..at.checked_add(3)?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_number_is_written_as_any_other() {
        for number in 0..1_000 {
            assert_eq!(short(number), Some(&*number.to_string()));
        }
        assert_eq!((short(1_000), short(usize::MAX)), (None, None));
    }

    #[test]
    fn whole_milliseconds_are_rounded_down() {
        let text = |time| whole_millis(time).to_str().map(str::to_owned).ok();
        assert_eq!(text(Duration::from_micros(999)).as_deref(), Some("0"));
        assert_eq!(text(Duration::from_micros(50_999)).as_deref(), Some("50"));
        assert_eq!(text(Duration::from_secs(61)).as_deref(), Some("61000"));
        assert_eq!(text(Duration::MAX).as_deref(), Some("18446744073709551615"));
    }

    #[test]
    fn milliseconds_are_told_to_the_microsecond() {
        for (nanos, expected) in [
            (0, "0.000"),
            (999, "0.000"),
            (1_000, "0.001"),
            (412_345, "0.412"),
            (12_000_000, "12.000"),
            (61_000_001_000, "61000.001"),
            (u64::MAX, "18446744073709.551"),
        ] {
            let millis = Millis::of(Duration::from_nanos(nanos));
            assert_eq!(std::str::from_utf8(millis.as_bytes()), Ok(expected));
        }
        assert_eq!(Millis::of(Duration::MAX).as_bytes().len(), Millis::LENGTH);
    }
}
