//! Lower-case hexadecimal digits, the only ones that the standard allows.

use std::fmt;

/// `N` lower-case hexadecimal digits, on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    /// The two digits of each byte, of which there are half as many.
    #[inline]
    pub(crate) fn encode<const BYTES: usize>(bytes: [u8; BYTES]) -> Self {
        const { assert!(N == 2 * BYTES, "two digits for each byte") };
        let mut digits = [b'0'; N];
        digits.copy_from_slice(hex(bytes).as_flattened());
        Self(digits)
    }

    /// The digits, in ASCII.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only `encode` makes one, and it writes ASCII: the fallback is for the types alone.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> AsRef<str> for Hex<N> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The bytes of exactly `2 * N` lower-case digits.
pub(super) fn read_hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = nibble(high)? << 4 | nibble(low)?;
    }
    Some(bytes)
}

/// The two digits of each byte.
///
/// Of an array, and in lanes of 16 bits: so a processor makes those of eight bytes at once.
#[inline]
pub(super) fn hex<const BYTES: usize>(bytes: [u8; BYTES]) -> [[u8; 2]; BYTES] {
    let mut digits = [[0; 2]; BYTES];
    for (pair, byte) in digits.iter_mut().zip(bytes) {
        let nibbles = u16::from(byte >> 4) | u16::from(byte & 0xf) << 8;
        // One where the nibble is ten or more: from there it is as far to `a` as 39 beyond `0`.
        let letters = (nibbles + 0x0606) >> 4 & 0x0101;
        *pair = (nibbles + 0x3030 + letters * 39).to_le_bytes();
    }
    digits
}

/// The digits of 16 bytes, eight at a time, the first of each in the lowest byte.
#[inline]
pub(crate) fn hex_words(bytes: [u8; 16]) -> [u64; 4] {
    let digits = hex_of_16(bytes);
    let (words, _) = digits.as_flattened().as_chunks();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// Not inlined: whoever knows which words are read makes the digits of each byte by themselves, at eight times the cost.
#[inline(never)]
fn hex_of_16(bytes: [u8; 16]) -> [[u8; 2]; 16] {
    hex(bytes)
}

/// Not `char::to_digit`, which takes capitals, nor `from_str_radix`, which takes a plus sign: both are illegal here.
const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_two_digits_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for at in 0..16 {
                let mut bytes = [0x5a; 16];
                bytes[at] = byte;
                let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(Hex::<32>::encode(bytes).as_str(), expected);
                assert_eq!(hex_words(bytes).map(u64::to_le_bytes).as_flattened(), expected.as_bytes());
            }
            assert_eq!(Hex::<2>::encode([byte]).as_str(), format!("{byte:02x}"));
        }
    }
}
