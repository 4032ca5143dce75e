//! A request id that is fit to be echoed, logged and passed on.

use std::fmt;
use std::hash::{Hash, Hasher};

use http::HeaderValue;

use crate::trace_ids::hex_words;

/// A request id: 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
///
/// One that is made here, of at most 36 characters as a UUID is, holds its text; others share theirs. A clone allocates
/// nothing.
#[derive(Clone)]
pub struct RequestId(Text);

#[derive(Clone)]
enum Text {
    Own(Short),
    Shared(HeaderValue),
}

/// What most ids are no longer than: a UUID with its hyphens.
const SHORT: usize = 36;

/// In whole words, to be copied as such.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Short {
    text: [u8; SHORT],
    length: u32,
}

impl RequestId {
    /// The longest accepted id, in bytes.
    pub const MAX_LEN: usize = 128;

    /// The id of this header value, if it is well formed. A malformed id is never mended.
    #[must_use]
    pub fn from_header(value: &HeaderValue) -> Option<Self> {
        is_well_formed(value.as_bytes()).then(|| Self(Text::Shared(value.clone())))
    }

    /// The id of this text, if it is well formed.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if !is_well_formed(text.as_bytes()) {
            return None;
        }
        match Short::of(text.as_bytes()) {
            Some(short) => Some(Self(Text::Own(short))),
            None => HeaderValue::from_str(text).ok().map(|long| Self(Text::Shared(long))),
        }
    }

    /// The id whose text is that of this UUID: `0189a5d4-ac96-774b-bcce-b302099a8057`.
    ///
    /// Whoever makes one decides about its version. It allocates nothing.
    #[must_use]
    #[inline]
    pub fn of_uuid(uuid: u128) -> Self {
        Self(Text::Own(Short { text: hyphenated(uuid), length: Short::FULL }))
    }

    /// The id as text, in ASCII.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Own(Short { text, length }) => text.get(..*length as usize).unwrap_or_default(),
            Text::Shared(text) => text.as_bytes(),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Well formed is ASCII, so there is always a text.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The id as the value of a header: one allocation for an id that holds its text, none for others.
    #[must_use]
    pub fn header_value(&self) -> HeaderValue {
        let value = match &self.0 {
            // Of a length that is known, the bytes are looked at and copied without a loop.
            Text::Own(Short { text, length: Short::FULL }) => HeaderValue::from_bytes(text),
            Text::Own(_) => HeaderValue::from_bytes(self.as_bytes()),
            Text::Shared(value) => return value.clone(),
        };
        // Well formed is legal in a header: the fallback is for the types alone.
        value.unwrap_or(const { HeaderValue::from_static("") })
    }
}

impl PartialEq for RequestId {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for RequestId {}

impl Hash for RequestId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
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

impl Short {
    /// The length of a UUID.
    const FULL: u32 = SHORT as u32;

    fn of(id: &[u8]) -> Option<Self> {
        let mut text = [0; SHORT];
        text.get_mut(..id.len())?.copy_from_slice(id);
        Some(Self { text, length: id.len() as u32 })
    }
}

/// The digits of a UUID in five groups.
///
/// In words, which are stored where the text stays: pieces of four digits would be waited for by whoever copies it.
#[inline]
fn hyphenated(uuid: u128) -> [u8; SHORT] {
    const HYPHEN: u64 = b'-' as u64;
    let [a, b, c, d] = hex_words(uuid.to_be_bytes());
    let words = [
        a,
        HYPHEN | b << 32 >> 24 | HYPHEN << 40 | b >> 32 << 48,
        b >> 48 | HYPHEN << 16 | c << 32 >> 8 | HYPHEN << 56,
        c >> 32 | d << 32,
    ];
    let mut text = [0; SHORT];
    let (chunks, rest) = text.as_chunks_mut::<8>();
    for (chunk, word) in chunks.iter_mut().zip(words) {
        *chunk = word.to_le_bytes();
    }
    rest.copy_from_slice(&((d >> 32) as u32).to_le_bytes());
    text
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
    fn an_id_is_its_text_wherever_that_stands() {
        use std::collections::HashSet;

        for id in ["a", &"x".repeat(36), &"x".repeat(37)] {
            let sent = HeaderValue::from_str(id).ok().as_ref().and_then(RequestId::from_header);
            let made = RequestId::new(id);
            assert_eq!(sent, made);
            assert_eq!(HashSet::from([sent.clone(), made.clone()]).len(), 1);
            for id_again in [sent, made].into_iter().flatten() {
                assert_eq!(id_again.header_value(), id);
                assert_ne!(Some(id_again), RequestId::new("another"));
            }
        }
    }

    #[test]
    fn the_text_of_a_uuid_is_well_formed() {
        let text = |uuid| RequestId::of_uuid(uuid).to_string();
        let expected = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(text(0x01890a5dac96774bbcceb302099a8057), expected);
        for uuid in [0, u128::MAX, 1 << 127] {
            assert_eq!(Some(RequestId::of_uuid(uuid)), RequestId::new(&text(uuid)));
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
