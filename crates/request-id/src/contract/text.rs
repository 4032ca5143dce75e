//! Numbers and ids as values of headers.

use std::time::Duration;

use http::HeaderValue;
use tower_telemetry_core::trace_ids::TraceId;

/// Whole milliseconds, rounded down. Below a second it allocates nothing.
pub(super) fn whole_millis(time: Duration) -> HeaderValue {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    match short(millis) {
        Some(text) => HeaderValue::from_static(text),
        None => HeaderValue::from(millis),
    }
}

/// The 32 digits of a trace id.
pub(super) fn trace_id(id: TraceId) -> HeaderValue {
    // Hexadecimal digits are always legal in a header: the fallback is for the types alone.
    HeaderValue::from_str(id.to_hex().as_ref()).unwrap_or(const { HeaderValue::from_static("") })
}

/// Whole milliseconds, and the microseconds behind them; of the longest time that fits nanoseconds of 64 bits.
pub(super) fn millis_and_micros(time: Duration) -> (u64, u64) {
    let micros = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX) / 1_000;
    (micros / 1_000, micros % 1_000)
}

/// `000001002..999`.
static DIGITS: &str = {
    const DIGITS: [[u8; 3]; 1_000] = {
        let mut digits = [[b'0'; 3]; 1_000];
        let mut number = 0;
        while number < 1_000 {
            let [hundreds, tens, ones] = [number / 100, number / 10 % 10, number % 10];
            #[allow(
                clippy::indexing_slicing,
                reason = "in a constant, an index out of bounds does not compile"
            )]
            {
                digits[number] = [b'0' + hundreds as u8, b'0' + tens as u8, b'0' + ones as u8];
            }
            number += 1;
        }
        digits
    };
    match str::from_utf8(DIGITS.as_flattened()) {
        Ok(digits) => digits,
        Err(_) => "",
    }
};

/// The three digits of a number below 1,000.
#[inline]
pub(super) fn three(number: u64) -> &'static [u8; 3] {
    let (digits, _) = DIGITS.as_bytes().as_chunks();
    usize::try_from(number).ok().and_then(|number| digits.get(number)).unwrap_or(b"000")
}

/// A number below 1,000, without zeros before it.
fn short(number: u64) -> Option<&'static str> {
    let zeros = usize::from(number < 100) + usize::from(number < 10);
    let at = usize::try_from(number).ok()?.checked_mul(3)?;
    DIGITS.get(at + zeros..at.checked_add(3)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_number_is_written_as_any_other() {
        for number in 0..1_000 {
            assert_eq!(short(number), Some(&*number.to_string()));
        }
        assert_eq!((short(1_000), short(u64::MAX)), (None, None));
    }

    #[test]
    fn whole_milliseconds_are_rounded_down() {
        let text = |time| whole_millis(time);
        assert_eq!(text(Duration::from_micros(999)), "0");
        assert_eq!(text(Duration::from_micros(50_999)), "50");
        assert_eq!(text(Duration::from_secs(61)), "61000");
        assert_eq!(text(Duration::MAX), "18446744073709551615");
    }
}
