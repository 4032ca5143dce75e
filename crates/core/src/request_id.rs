//! A request id that is fit to be echoed, logged and passed on.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

use crate::trace_ids::Hex;

/// A request id: 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
///
/// One shared buffer serves the slot, the log line and the headers: a clone allocates nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The longest accepted id, in bytes.
    pub const MAX_LEN: usize = 128;

    /// The id of this header value, if it is well formed. A malformed id is never mended.
    #[must_use]
    pub fn from_header(value: &HeaderValue) -> Option<Self> {
        is_well_formed(value.as_bytes()).then(|| Self(value.clone()))
    }

    /// The id of this text, if it is well formed.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if !is_well_formed(text.as_bytes()) {
            return None;
        }
        HeaderValue::from_maybe_shared(shared(text.as_bytes())).ok().map(Self)
    }

    /// The id whose text is that of this UUID: `0189a5d4-ac96-774b-bcce-b302099a8057`.
    ///
    /// Whoever makes one decides about its version. One allocation, for all that the id is written to.
    #[must_use]
    pub fn of_uuid(uuid: u128) -> Option<Self> {
        // Digits and hyphens are well formed.
        HeaderValue::from_maybe_shared(Bytes::from_owner(Short(hyphenated(uuid), SHORT))).ok().map(Self)
    }

    /// The id as text, in ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Well formed is ASCII, so there is always a text.
        str::from_utf8(self.0.as_bytes()).unwrap_or_default()
    }

    /// The id as the value of a header.
    #[must_use]
    pub fn header_value(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestId").field(&self.as_str()).finish()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What most ids are no longer than: a UUID with its hyphens.
const SHORT: usize = 36;

/// The text of a short id, with its length.
struct Short([u8; SHORT], usize);

impl AsRef<[u8]> for Short {
    fn as_ref(&self) -> &[u8] {
        self.0.get(..self.1).unwrap_or_default()
    }
}

/// The digits of a UUID in five groups.
///
/// Not inlined: whoever knows of which pieces the text is made checks it piece by piece, at twice the cost.
#[inline(never)]
fn hyphenated(uuid: u128) -> [u8; SHORT] {
    let hex: Hex<32> = Hex::encode(uuid.to_be_bytes());
    let digits = hex.as_bytes();
    let mut text = [b'-'; SHORT];
    text[..8].copy_from_slice(&digits[..8]);
    text[9..13].copy_from_slice(&digits[8..12]);
    text[14..18].copy_from_slice(&digits[12..16]);
    text[19..23].copy_from_slice(&digits[16..20]);
    text[24..].copy_from_slice(&digits[20..]);
    text
}

/// A buffer that a clone shares without an allocation. One copied from a slice takes a second at its first clone,
/// for the count of its owners; here a short text stands beside that count.
fn shared(id: &[u8]) -> Bytes {
    let mut text = [0; SHORT];
    match text.get_mut(..id.len()) {
        Some(start) => {
            start.copy_from_slice(id);
            Bytes::from_owner(Short(text, id.len()))
        }
        None => Bytes::copy_from_slice(id),
    }
}

/// All bytes are looked at, whatever the first of them is: so several are at once.
fn is_well_formed(id: &[u8]) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'.' | b'_' | b'-');
    (1..=RequestId::MAX_LEN).contains(&id.len()) && id.iter().fold(true, |fit, byte| fit & is_fit(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_formed_id_is_taken_as_it_is() {
        for id in ["a", "req-1_2.3", &"x".repeat(36), &"x".repeat(37), &"x".repeat(128)] {
            assert_eq!(RequestId::new(id).as_ref().map(RequestId::as_str), Some(id));
        }
    }

    #[test]
    fn the_text_of_a_uuid_is_well_formed() {
        let text = |uuid| RequestId::of_uuid(uuid).map(|id| id.as_str().to_owned());
        let expected = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(text(0x01890a5dac96774bbcceb302099a8057).as_deref(), Some(expected));
        for uuid in [0, u128::MAX, 1 << 127] {
            assert_eq!(RequestId::of_uuid(uuid), text(uuid).and_then(|text| RequestId::new(&text)));
        }
    }

    #[test]
    fn every_byte_is_fit_or_not() {
        for byte in 0..=u8::MAX {
            let fit = byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            assert_eq!(is_well_formed(&[byte]), fit, "{byte}");
        }
    }

    #[test]
    fn a_malformed_id_is_no_id() {
        for id in ["", " a", "a b", "a\"b", "é", "a\u{1b}[31m", &"x".repeat(129)] {
            assert_eq!(RequestId::new(id), None, "{id:?}");
        }
        assert!(
            HeaderValue::from_bytes(b"\xff\xff").is_ok_and(|value| RequestId::from_header(&value).is_none())
        );
    }
}
