//! 56 bits as hexadecimal digits, the way `th` and `rv` are written.

/// How many digits 56 bits have.
pub(super) const DIGITS: usize = 14;
/// The largest number of 56 bits.
pub(super) const MAX: u64 = (1 << 56) - 1;

/// Reads 1 to 14 lower-case digits as the first of 14: missing ones are zeros at the end.
pub(super) fn read(digits: &str) -> Option<u64> {
    if digits.is_empty() || digits.len() > DIGITS {
        return None;
    }
    let mut bits = 0;
    for digit in digits.bytes() {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        bits = bits << 4 | u64::from(value);
    }
    Some(bits << (4 * (DIGITS - digits.len())))
}

/// The digit of the lowest four bits.
pub(super) const fn digit(bits: u64) -> char {
    let nibble = (bits & 0xf) as u8;
    (if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }) as char
}
