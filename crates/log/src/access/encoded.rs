//! The numbers of an access line as JSON, written straight from the outcome.

use std::time::Duration;

use crate::access::line::AccessLine;
use crate::decimal::{ZEROS, digits};
use crate::json;

/// Appends the fields that the event has behind their beginning, from the value of its duration on.
pub(super) fn fields(line: &AccessLine<'_>, out: &mut Vec<u8>) {
    let AccessLine { exchange, outcome, held_back } = *line;
    let is_http = !exchange.protocol.is_grpc();
    millis(outcome.total, out);
    if let Some(head) = outcome.head {
        out.extend_from_slice(b",\"head_ms\":");
        millis(head, out);
    }
    number(",\"http.request.body.size\":", outcome.request_bytes.filter(|_| is_http), out);
    number(",\"http.response.body.size\":", Some(outcome.sent), out);
    number(",\"request_messages\":", outcome.request_messages, out);
    number(",\"response_messages\":", outcome.response_messages, out);
    number(",\"held_back\":", Some(held_back).filter(|count| *count > 0), out);
}

/// Milliseconds with as many of their six decimals as it takes, one at least: `12.5`, `3.0`, `0.000001`.
fn millis(duration: Duration, out: &mut Vec<u8>) {
    // By the parts of a duration, whose fraction is small: no 64 bits are divided for a short time.
    let (whole, rest) = (duration.subsec_millis(), duration.subsec_nanos() % 1_000_000);
    let mut whole = duration.as_secs().saturating_mul(1_000).saturating_add(u64::from(whole));
    if whole >= 10 {
        tens(whole / 10, out);
        whole %= 10;
    }
    // Eight bytes at once: the last digit of the whole ones, the point, and the decimals, which stand behind two zeros.
    let decimals = digits(rest);
    let start = u64::from(u16::from_le_bytes([b'0' + whole as u8, b'.']));
    out.extend_from_slice(&(start | (decimals + ZEROS) >> 16 << 16).to_le_bytes());
    // All but the first decimal may be left out.
    let zeros = (decimals | 1 << 16).leading_zeros() / 8;
    out.truncate(out.len() - zeros as usize);
}

/// Apart, so that the way of short times is short.
#[inline(never)]
fn tens(number: u64, out: &mut Vec<u8>) {
    json::integer(out, number);
}

fn number(key: &str, value: Option<u64>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        out.extend_from_slice(key.as_bytes());
        json::integer(out, value);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(nanos: u64) -> String {
        let mut out = Vec::new();
        millis(Duration::from_nanos(nanos), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn milliseconds_have_the_decimals_that_they_need() {
        for (nanos, text) in [
            (0, "0.0"),
            (1, "0.000001"),
            (100_000, "0.1"),
            (9_999_999, "9.999999"),
            (10_000_000, "10.0"),
            (12_500_000, "12.5"),
            (1_000_010, "1.00001"),
            (1_234_000_000, "1234.0"),
            (u64::MAX, "18446744073709.551615"),
        ] {
            assert_eq!(written(nanos), text);
        }
    }

    proptest! {
        #[test]
        fn milliseconds_read_back_as_the_number_that_other_layers_are_told(nanos in 0..1_u64 << 50) {
            prop_assert_eq!(written(nanos).parse::<f64>().unwrap().to_bits(), (nanos as f64 / 1e6).to_bits());
        }
    }
}
