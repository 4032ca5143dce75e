//! Lower-case hexadecimal digits, the only ones that the standard allows.

use std::fmt;

/// `N` lower-case hexadecimal digits, on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    pub(crate) fn encode(bytes: &[u8]) -> Self {
        let mut digits = [b'0'; N];
        write_hex(&mut digits, bytes);
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

/// Writes two digits for each byte, as far as there is room.
pub(super) fn write_hex(out: &mut [u8], bytes: &[u8]) {
    let (words, last) = bytes.as_chunks::<4>();
    let (places, _) = out.as_chunks_mut::<8>();
    for (place, word) in places.iter_mut().zip(words) {
        *place = digits(u32::from_be_bytes(*word));
    }
    let rest = out.get_mut(8 * words.len()..).unwrap_or_default();
    for (pair, byte) in rest.chunks_exact_mut(2).zip(last) {
        let [.., high, low] = digits(u32::from(*byte));
        pair.copy_from_slice(&[high, low]);
    }
}

/// The eight digits of a word, all at once: each nibble in a byte of its own, then made a digit.
const fn digits(word: u32) -> [u8; 8] {
    let mut nibbles = word as u64;
    nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff;
    nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff;
    nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    // One where the nibble is ten or more: from there it is as far to `a` as 39 beyond `0`.
    let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (nibbles + 0x3030_3030_3030_3030 + letters * 39).to_be_bytes()
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
            for length in 1..=9 {
                for at in 0..length {
                    let mut bytes = vec![0x5a; length];
                    bytes[at] = byte;
                    let mut written = vec![b'-'; 2 * length];
                    write_hex(&mut written, &bytes);
                    let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                    assert_eq!(str::from_utf8(&written).unwrap(), expected);
                }
            }
        }
    }

    #[test]
    fn what_has_no_room_is_not_written() {
        for room in 0..24 {
            let mut written = vec![b'-'; room];
            write_hex(&mut written, &[0xab; 8]);
            assert!(written.iter().all(|digit| b"ab-".contains(digit)));
        }
    }
}
