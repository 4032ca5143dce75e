//! The search for bytes that may begin a character in need of an escape, eight at a time.
//!
//! Nearly every text is plain ASCII, and whether it is costs less to ask than where in another text an escape may be due.

/// One byte of each lane of a word.
const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Whether all of it is ASCII that needs no escape. Most texts are short: hence the overlapping ends instead of a loop over
/// the last bytes.
#[inline]
pub(crate) fn none(bytes: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let mut marks = marks(u64::from_le_bytes(*first)) | marks(u64::from_le_bytes(*last));
        if bytes.len() > 2 * size_of::<u64>() {
            let (words, _) = bytes.as_chunks();
            for word in words.iter().skip(1) {
                marks |= self::marks(u64::from_le_bytes(*word));
            }
        }
        marks & TOPS == 0
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        marks(u64::from(first) << 32 | u64::from(last)) & TOPS == 0
    } else if let [first, .., last] | [first @ last] = bytes {
        // Of three bytes the one between the ends, of fewer one of them again; the rest is as good as any letter.
        let middle = bytes.get(bytes.len() / 2).copied().unwrap_or_default();
        let letters = (ONES * u64::from(b'x')) << 24;
        marks(letters | u64::from(*first) << 16 | u64::from(middle) << 8 | u64::from(*last)) & TOPS == 0
    } else {
        true
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

/// The top bit of a byte is set where it is no ASCII, a control, a quote, a backslash or DEL.
///
/// Each sum and difference stays within its byte, as long as none of the bytes below is to be marked itself.
#[inline]
const fn marks(word: u64) -> u64 {
    let control = word.wrapping_sub(ONES * 0x20);
    let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    word | word.wrapping_add(ONES) | control | quote | backslash
}

/// Controls, quotes, backslash and DEL; 0xc2, which leads U+0080..=U+00BF with the C1 controls; 0xd8, which leads
/// U+0600..=U+063F with the mark of Arabic letters; 0xe2, which leads U+2000..=U+2FFF with the unseen ones of Unicode.
fn is_suspect(byte: u8) -> bool {
    matches!(byte, ..0x20 | b'"' | b'\\' | 0x7f | 0xc2 | 0xd8 | 0xe2)
}

/// The same question for the eight bytes of a word ("Bit Twiddling Hacks", Determine if a word has a zero
/// byte): subtracting one borrows into the top bit of a zero byte, and of a byte below it only if that one is
/// found as well.
fn any_of(word: u64) -> bool {
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    // Two of the leads differ in one bit, which is set in both first.
    let lead = zero((word | (ONES * 0x20)) ^ (ONES * 0xe2));
    let mark = zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\')));
    let lead = lead | zero(word ^ (ONES * 0xd8));
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
                    let is_plain = byte.is_ascii() && !is_suspect(byte);
                    assert_eq!(none(&bytes), is_plain, "{byte:#x} at {place} of {length}");
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
            let bytes = [left, right, b'x', left, right, left, right, b'x'];
            let is_plain = |byte: u8| byte.is_ascii() && !is_suspect(byte);
            assert_eq!(none(&bytes), is_plain(left) && is_plain(right), "{left:#x} {right:#x}");
            let expected = bytes.iter().position(|byte| is_suspect(*byte));
            assert_eq!(first(&bytes), expected, "{left:#x} {right:#x}");
        }
    }

    #[test]
    fn nothing_is_not_suspect() {
        assert!(none(&[]) && first(&[]).is_none());
    }
}
