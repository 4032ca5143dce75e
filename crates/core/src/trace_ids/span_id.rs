//! The name of a span within its trace.

use std::fmt;
use std::num::NonZeroU64;

use crate::trace_ids::hex::{Hex, read_hex};
use crate::trace_ids::random::random_words;

/// 8 bytes that name a span within its trace; never all zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(NonZeroU64);

impl SpanId {
    /// Takes the 8 bytes in network order; `None` if all are zero.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        Self::of_word(u64::from_be_bytes(bytes))
    }

    /// Reads exactly 16 lower-case hexadecimal digits that are not all zero.
    #[must_use]
    pub fn from_hex(digits: &[u8]) -> Option<Self> {
        read_hex(digits).and_then(Self::from_bytes)
    }

    /// A new id from 64 random bits; unique, but no secret: the generator is not a cryptographic one.
    #[must_use]
    pub fn random() -> Self {
        loop {
            let [word] = random_words();
            if let Some(id) = Self::of_word(word) {
                return id;
            }
        }
    }

    pub(super) const fn of_word(word: u64) -> Option<Self> {
        match NonZeroU64::new(word) {
            Some(word) => Some(Self(word)),
            None => None,
        }
    }

    pub(super) const fn of(word: NonZeroU64) -> Self {
        Self(word)
    }

    pub(super) const fn word(self) -> NonZeroU64 {
        self.0
    }

    /// The 8 bytes in network order.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }

    /// The 16 lower-case digits that logs, exemplars and headers show.
    #[must_use]
    pub fn to_hex(self) -> Hex<16> {
        Hex::encode(self.to_bytes())
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_hex().fmt(f)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpanId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_id_cannot_be_made() {
        assert_eq!(SpanId::from_bytes([0; 8]), None);
        assert_eq!(SpanId::from_hex(&[b'0'; 16]), None);
        assert_eq!(SpanId::from_hex(b"0000000000000001"), SpanId::from_bytes(1_u64.to_be_bytes()));
    }
}
