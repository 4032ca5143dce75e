//! Decimal digits, eight at once.

/// The eight digits of a number below 10^8, each in a byte, the first in the lowest: with [`ZEROS`] added, a text.
///
/// Halves, quarters and eighths of the number side by side in one word: nothing waits for the digit before it.
#[inline]
pub(crate) const fn digits(number: u32) -> u64 {
    let fours = (number / 10_000) as u64 | ((number % 10_000) as u64) << 32;
    // Divided by a hundred and by ten, which is exact for what stands there.
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours - 100 * hundreds) << 16;
    let tens = (twos * 103) >> 10 & 0x000f_000f_000f_000f;
    tens | (twos - 10 * tens) << 8
}

/// Makes text of digits.
pub(crate) const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_those_of_the_number(number in 0..100_000_000_u32) {
            let text = (digits(number) + ZEROS).to_le_bytes();
            prop_assert_eq!(str::from_utf8(&text), Ok(&*format!("{number:08}")));
        }
    }

    #[test]
    fn each_half_of_the_digits_is_exact() {
        for number in 0..10_000 {
            let text = |number| (digits(number) + ZEROS).to_le_bytes();
            assert_eq!(str::from_utf8(&text(number)), Ok(&*format!("0000{number:04}")));
            assert_eq!(str::from_utf8(&text(number * 10_000)), Ok(&*format!("{number:04}0000")));
        }
    }
}
