//! The value of a header as text.

use http::HeaderValue;
use opentelemetry::StringValue;

use crate::attributes::capped;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// UTF-8 as it stands, anything else in base64 (RFC 4648), as the conventions of RPC advise.
pub(super) fn text(value: &HeaderValue) -> StringValue {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => capped(text),
        Err(_) => capped(&base64(value.as_bytes())),
    }
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit =
                usize::try_from(bits >> (18 - 6 * place) & 63).ok().and_then(|index| DIGITS.get(index));
            // A group of n bytes has n + 1 digits.
            text.push(digit.filter(|_| place <= group.len()).map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    /// The vectors of RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }

    #[test]
    fn only_what_is_no_text_is_in_base64() {
        let told = |bytes: &[u8]| text(&HeaderValue::from_bytes(bytes).unwrap()).to_string();
        assert_eq!(told(b"plain"), "plain");
        assert_eq!(told("gr\u{fc}n".as_bytes()), "gr\u{fc}n");
        assert_eq!(told(b"\xff\xfe"), "//4=");
        assert_eq!(told("x".repeat(5_000).as_bytes()).len(), 1_024);
    }
}
