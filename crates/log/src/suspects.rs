//! The search for bytes that may begin a character in need of an escape, eight at a time.

/// One byte of each lane of a word.
const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Whether there is one. Most texts have none, and are short: hence the overlapping ends instead of a loop
/// over the last bytes.
pub(crate) fn any(bytes: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let ends = any_of(u64::from_le_bytes(*first)) | any_of(u64::from_le_bytes(*last));
        let (words, _) = bytes.as_chunks();
        ends || words.iter().skip(1).any(|word| any_of(u64::from_le_bytes(*word)))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        any_of(u64::from(first) << 32 | u64::from(last))
    } else {
        bytes.iter().any(|byte| is_suspect(*byte))
    }
}

/// Where the first one stands.
pub(crate) fn first(bytes: &[u8]) -> Option<usize> {
    let (words, _) = bytes.as_chunks();
    let clean =
        words.iter().take_while(|word| !any_of(u64::from_le_bytes(**word))).count() * size_of::<u64>();
    let at = bytes.get(clean..)?.iter().position(|byte| is_suspect(*byte))?;
    Some(clean + at)
}

/// Controls, quotes, backslash and DEL; 0xc2, which leads U+0080..=U+00BF with the C1 controls; 0xe2, which
/// leads U+2000..=U+2FFF with the unseen ones of Unicode.
fn is_suspect(byte: u8) -> bool {
    matches!(byte, ..0x20 | b'"' | b'\\' | 0x7f | 0xc2 | 0xe2)
}

/// The same question for the eight bytes of a word ("Bit Twiddling Hacks", Determine if a word has a zero
/// byte): subtracting one borrows into the top bit of a zero byte, and of a byte below it only if that one is
/// found as well.
fn any_of(word: u64) -> bool {
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    // The two leads differ in one bit, which is set in both first.
    let lead = zero((word | (ONES * 0x20)) ^ (ONES * 0xe2));
    let mark = zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\')));
    (control | lead | mark | zero(word ^ (ONES * 0x7f))) & TOPS != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_suspected_at_every_place_and_length() {
        for byte in 0..=u8::MAX {
            for length in 1..=33 {
                for place in 0..length {
                    let mut bytes = vec![b'x'; length];
                    bytes.splice(place..=place, [byte]);
                    assert_eq!(any(&bytes), is_suspect(byte), "{byte:#x} at {place} of {length}");
                    assert_eq!(
                        first(&bytes),
                        is_suspect(byte).then_some(place),
                        "{byte:#x} at {place} of {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_neighbour_does_not_make_a_byte_suspect() {
        for (left, right) in (0..=u8::MAX).flat_map(|left| (0..=u8::MAX).map(move |right| (left, right))) {
            let expected = is_suspect(left) || is_suspect(right);
            assert_eq!(
                any(&[left, right, b'x', left, right, left, right, b'x']),
                expected,
                "{left:#x} {right:#x}"
            );
        }
    }

    #[test]
    fn nothing_is_not_suspect() {
        assert!(!any(&[]) && first(&[]).is_none());
    }
}
