//! The flags of a trace.

use std::fmt;

/// The trace flags that Level 2 defines; the reserved bits 2 to 7 are always zero.
// As wide as the ids that they stand beside: what holds them is moved in words, and has no gap to be moved by bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TraceFlags(u64);

impl TraceFlags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// Bit 0: the caller may have recorded the trace.
    pub const SAMPLED: Self = Self(1);
    /// Bit 1: at least the last 7 bytes of the trace id are random, so that they can serve for sampling.
    pub const RANDOM: Self = Self(2);

    /// Takes the two bits that Level 2 defines; the reserved ones are dropped, as they must not be sent on.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Self {
        Self(byte as u64 & (Self::SAMPLED.0 | Self::RANDOM.0))
    }

    /// The flags as on the wire; bits 2 to 7 are zero.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self.0 as u8
    }

    /// These flags and those of `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags but for those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the caller may have recorded the trace.
    #[must_use]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// Whether the trace id is random in its last 7 bytes.
    #[must_use]
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }
}

impl fmt::Debug for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceFlags({:02x})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_set_and_cleared_one_by_one() {
        let flags = TraceFlags::RANDOM.with(TraceFlags::SAMPLED);
        assert!(flags.is_sampled() && flags.is_random());
        let flags = flags.without(TraceFlags::SAMPLED);
        assert!(!flags.is_sampled() && flags.is_random());
        assert_eq!(flags.without(TraceFlags::RANDOM), TraceFlags::NONE);
    }
}
