//! The name of a trace.

use std::fmt;

use crate::trace_ids::hex::{Hex, read_hex};
use crate::trace_ids::random::random_words;

/// 16 bytes that name a trace; never all zero.
// As two numbers: they are moved in registers, which bytes are not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId {
    high: u64,
    low: u64,
}

impl TraceId {
    /// Takes the 16 bytes in network order; `None` if all are zero.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let id = u128::from_be_bytes(bytes);
        Self::of_words((id >> 64) as u64, id as u64)
    }

    /// Reads exactly 32 lower-case hexadecimal digits that are not all zero.
    #[must_use]
    pub fn from_hex(digits: &[u8]) -> Option<Self> {
        read_hex(digits).and_then(Self::from_bytes)
    }

    /// A new id from 128 random bits; unique, but no secret: the generator is not a cryptographic one.
    #[must_use]
    pub fn random() -> Self {
        loop {
            let [high, low] = random_words();
            if let Some(id) = Self::of_words(high, low) {
                return id;
            }
        }
    }

    pub(super) const fn of_words(high: u64, low: u64) -> Option<Self> {
        if high | low == 0 { None } else { Some(Self { high, low }) }
    }

    pub(super) const fn words(self) -> [u64; 2] {
        [self.high, self.low]
    }

    /// The 16 bytes in network order.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        ((self.high as u128) << 64 | self.low as u128).to_be_bytes()
    }

    /// The 32 lower-case digits that logs, exemplars and headers show.
    #[must_use]
    pub fn to_hex(self) -> Hex<32> {
        Hex::encode(&self.to_bytes())
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_hex().fmt(f)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_random_id_is_set_half_the_time() {
        let mut set = [0; 128];
        for _ in 0..4000 {
            let bits = u128::from_be_bytes(TraceId::random().to_bytes());
            for (index, count) in set.iter_mut().enumerate() {
                *count += (bits >> index) & 1;
            }
        }
        // 2,000 expected; 8 standard deviations, which chance alone does not reach.
        assert!(set.iter().all(|count| (1747..=2253).contains(count)), "{set:?}");
    }

    #[test]
    fn a_zero_id_cannot_be_made() {
        assert_eq!(TraceId::from_bytes([0; 16]), None);
        assert_eq!(TraceId::from_hex(&[b'0'; 32]), None);
    }
}
