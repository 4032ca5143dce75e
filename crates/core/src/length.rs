//! The announced length of a body.

use http::HeaderValue;

/// The bytes that the value of `content-length` announces, if it is well formed: digits and nothing else (RFC 9110).
pub(crate) fn announced(content_length: &HeaderValue) -> Option<u64> {
    let digits = content_length.as_bytes();
    let append = |length: u64, digit: &u8| match digit {
        b'0'..=b'9' => length.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, append) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_digits_and_nothing_else() {
        for (text, length) in [
            ("0", Some(0)),
            ("42", Some(42)),
            ("007", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("+1", None),
            ("-1", None),
            ("1 ", None),
            ("1, 1", None),
            ("0x10", None),
        ] {
            assert_eq!(announced(&HeaderValue::from_static(text)), length, "{text:?}");
        }
    }
}
