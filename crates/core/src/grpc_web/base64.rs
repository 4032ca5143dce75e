//! A body in base64, decoded as it comes.

/// How much base64 is decoded at a time, in characters.
pub(super) const BLOCK: usize = 256;

/// A base64 decoder that gives each byte as soon as its bits are there.
///
/// So the end of a body needs no announcement, and padding, wherever it stands, only ends a group of four.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base64 {
    group: Group,
    /// The six bits of the character before.
    previous: u8,
}

/// What has come of a group of four characters.
#[derive(Clone, Copy, Debug)]
enum Group {
    Empty,
    One,
    Two,
    Three,
    /// Two characters and one `=`; the second must follow.
    HalfPadded,
}

/// A character that base64 does not allow where it stands.
pub(super) struct Garbage;

impl Base64 {
    pub(super) const fn new() -> Self {
        Self { group: Group::Empty, previous: 0 }
    }

    /// Decodes `text` into `out`, which must be as long; returns what was decoded before the first garbage.
    pub(super) fn decode<'a>(&mut self, text: &[u8], out: &'a mut [u8]) -> (&'a [u8], Result<(), Garbage>) {
        let mut length = 0;
        let mut result = Ok(());
        for &character in text {
            match self.push(character) {
                Ok(None) => {}
                Ok(Some(byte)) => {
                    if let Some(slot) = out.get_mut(length) {
                        *slot = byte;
                        length += 1;
                    }
                }
                Err(garbage) => {
                    result = Err(garbage);
                    break;
                }
            }
        }
        (out.get(..length).unwrap_or_default(), result)
    }

    fn push(&mut self, character: u8) -> Result<Option<u8>, Garbage> {
        if character == b'=' {
            self.group = match self.group {
                Group::Two => Group::HalfPadded,
                Group::Three | Group::HalfPadded => Group::Empty,
                Group::Empty | Group::One => return Err(Garbage),
            };
            return Ok(None);
        }
        let bits = sextet(character).ok_or(Garbage)?;
        let before = std::mem::replace(&mut self.previous, bits);
        let (group, byte) = match self.group {
            Group::Empty => (Group::One, None),
            Group::One => (Group::Two, Some(before << 2 | bits >> 4)),
            Group::Two => (Group::Three, Some(before << 4 | bits >> 2)),
            Group::Three => (Group::Empty, Some(before << 6 | bits)),
            Group::HalfPadded => return Err(Garbage),
        };
        self.group = group;
        Ok(byte)
    }
}

const fn sextet(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use super::*;
    use crate::grpc::Code;
    use crate::grpc_web::TrailerReader;
    use crate::grpc_web::scenario::{base64, frame, text, told};

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let mut block = [0; 16];
        for (encoded, plain) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
        ] {
            let (decoded, result) = Base64::new().decode(encoded.as_bytes(), &mut block);
            assert!(result.is_ok());
            assert_eq!(decoded, plain.as_bytes());
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
        let (decoded, _) = Base64::new().decode(b"+/+/", &mut block);
        assert_eq!(decoded, [0xfb, 0xff, 0xbf]);
    }

    #[test]
    fn padding_may_be_missing_at_the_end() {
        let body = base64(&frame(0x80, b"grpc-status:5\n"));
        assert!(body.ends_with("=="));
        assert_eq!(text(body.trim_end_matches('=')), (true, Some(Code::NotFound)));
    }

    #[test]
    fn a_large_text_body_is_decoded_in_one_chunk() {
        let body = [frame(0, &[7; 10_000]), frame(0x80, b"grpc-status:5\r\n")].concat();
        assert_eq!(text(&base64(&body)), (true, Some(Code::NotFound)));
    }

    #[test]
    fn garbage_in_base64_stops_the_reader() {
        let body = base64(&frame(0x80, b"grpc-status:5\r\n"));
        for garbage in ["!", "=", "A=", "AA=A", "AA=!", "-", "_", " ", "\n", "\u{e9}", "\0"] {
            assert_eq!(text(&format!("{garbage}{body}")), (false, None), "{garbage:?}");
            assert!(Base64::new().decode(garbage.as_bytes(), &mut [0; 8]).1.is_err(), "{garbage:?}");
            let reader = TrailerReader::text();
            assert_eq!(told(reader, [garbage.as_bytes(), body.as_bytes()]), (false, None), "{garbage:?}");
        }
    }
}
