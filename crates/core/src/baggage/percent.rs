//! Percent-encoding, as baggage wants it.

use std::borrow::Cow;

use crate::baggage::grammar::is_octet;

/// The text that this wire form stands for.
///
/// What is no UTF-8 becomes U+FFFD. A `%` without two hexadecimal digits stands for itself. Allocates only where
/// something was encoded.
#[must_use]
pub fn decode(wire: &[u8]) -> Cow<'_, str> {
    if !wire.contains(&b'%') {
        return String::from_utf8_lossy(wire);
    }
    let mut bytes = Vec::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, octet(after)) {
            (b'%', Some((decoded, after))) => {
                bytes.push(decoded);
                rest = after;
            }
            _ => bytes.push(byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// The wire form of this text: `%` and every byte that a value must not hold are encoded, in capitals.
#[must_use]
pub fn encode(text: &str) -> Cow<'_, str> {
    let must_encode = |byte: u8| byte == b'%' || !is_octet(byte);
    if !text.bytes().any(must_encode) {
        return Cow::Borrowed(text);
    }
    let mut wire = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if must_encode(byte) {
            wire.push('%');
            for nibble in [byte >> 4, byte & 0x0f] {
                wire.push(char::from_digit(nibble.into(), 16).unwrap_or('0').to_ascii_uppercase());
            }
        } else {
            wire.push(byte.into());
        }
    }
    Cow::Owned(wire)
}

/// Whether each `%` begins an encoded byte, so that the wire form may be sent as it is.
pub(super) fn is_encoded(wire: &[u8]) -> bool {
    let mut each = wire.split(|&byte| byte == b'%');
    each.next();
    each.all(|after| octet(after).is_some())
}

/// The byte that two hexadecimal digits stand for, with what follows them.
fn octet(after: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], rest) = after.split_first_chunk()?;
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|nibble| u8::try_from(nibble).ok());
    Some((nibble(high)? << 4 | nibble(low)?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_utf_8_becomes_the_replacement_character() {
        assert_eq!(decode(b"a%FFb"), "a\u{fffd}b");
        assert_eq!(decode(b"%C3%28"), "\u{fffd}(");
        assert_eq!(decode(b"%E2%82"), "\u{fffd}");
        assert_eq!(decode(b"%e2%82%ac"), "\u{20ac}");
    }

    #[test]
    fn a_percent_sign_without_digits_stands_for_itself() {
        for wire in ["%", "%4", "%zz", "50%", "%+1", "%%41"] {
            let text = wire.replace("%41", "A");
            assert_eq!(decode(wire.as_bytes()), text);
            assert!(!is_encoded(wire.as_bytes()));
        }
        assert!(is_encoded(b"") && is_encoded(b"a%41%4a"));
    }

    #[test]
    fn all_that_a_value_must_not_hold_is_encoded() {
        assert_eq!(encode(" \",;\\%\t\u{e9}\u{7f}"), "%20%22%2C%3B%5C%25%09%C3%A9%7F");
        let plain: String = ('!'..='~').filter(|c| !"\",;\\%".contains(*c)).collect();
        assert_eq!(encode(&plain), plain);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text: String) {
            let wire = encode(&text);
            prop_assert!(is_encoded(wire.as_bytes()) && wire.bytes().all(is_octet));
            prop_assert_eq!(decode(wire.as_bytes()), text.as_str());
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let text = decode(&bytes);
            let wire = encode(&text).into_owned();
            prop_assert_eq!(decode(wire.as_bytes()), text);
        }
    }
}
