//! The trailers of a gRPC-Web response, which stand at the end of its body.
//!
//! A browser cannot read HTTP trailers, so gRPC-Web sends them as a last frame: a flag byte with bit 7 set, a
//! four-byte big-endian length, and header lines. [`TrailerReader`] looks on while the body passes, changes nothing,
//! and keeps a few bytes of state, whatever the body holds; it never allocates and never panics.
//!
//! ```
//! use tower_telemetry_core::{grpc::Code, grpc_web::TrailerReader};
//!
//! let mut reader = TrailerReader::binary();
//! reader.read(b"\x00\x00\x00\x00\x02hi"); // a message
//! reader.read(b"\x80\x00\x00\x00\x10grpc-st"); // the trailers, cut anywhere
//! reader.read(b"atus: 5\r\n");
//! assert!(reader.is_complete());
//! assert_eq!(reader.status(), Some(Code::NotFound));
//! ```
//!
//! The format is gRPC's [PROTOCOL-WEB](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md).

use http::HeaderValue;

use crate::grpc::Code;
use crate::names::header::GRPC_STATUS;

/// The media type of a binary body, to which a message format may be added: `application/grpc-web+proto`.
const BINARY: &str = "application/grpc-web";
/// The media type of a base64 body.
const TEXT: &str = "application/grpc-web-text";

/// The flag of a frame that holds trailers.
const TRAILERS: u8 = 0x80;
/// Flag and length.
const HEAD_LENGTH: u8 = 5;

/// Finds the gRPC status in the body of a gRPC-Web response as its chunks pass.
///
/// Chunks may be cut anywhere. What is no gRPC-Web body leads to no status: the reader then stops or waits for ever.
#[derive(Clone, Debug)]
pub struct TrailerReader {
    encoding: Encoding,
    state: State,
}

impl TrailerReader {
    /// A reader of `application/grpc-web`, the frames as they are.
    #[must_use]
    pub const fn binary() -> Self {
        Self { encoding: Encoding::Binary, state: State::HEAD }
    }

    /// A reader of `application/grpc-web-text`, the frames in base64.
    ///
    /// Senders encode the body as a whole or piece by piece, each piece with its own padding; both are read.
    #[must_use]
    pub const fn text() -> Self {
        Self { encoding: Encoding::Text(Base64::new()), state: State::HEAD }
    }

    /// The reader for a response of this `content-type`; `None` if it is not gRPC-Web.
    #[must_use]
    pub fn for_content_type(content_type: &HeaderValue) -> Option<Self> {
        // Parameters (`;`) and message format (`+`) say nothing on the frames.
        let essence =
            content_type.as_bytes().split(|byte| matches!(byte, b';' | b'+' | b' ' | b'\t')).next()?;
        if essence.eq_ignore_ascii_case(BINARY.as_bytes()) {
            Some(Self::binary())
        } else if essence.eq_ignore_ascii_case(TEXT.as_bytes()) {
            Some(Self::text())
        } else {
            None
        }
    }

    /// Looks at the next chunk of the body.
    pub fn read(&mut self, chunk: &[u8]) {
        match &mut self.encoding {
            Encoding::Binary => self.state.read(chunk),
            Encoding::Text(base64) => {
                let mut block = [0; BLOCK];
                for piece in chunk.chunks(BLOCK) {
                    if self.state.is_final() {
                        return;
                    }
                    let (decoded, result) = base64.decode(piece, &mut block);
                    self.state.read(decoded);
                    if result.is_err() && !self.state.is_final() {
                        self.state = State::Stopped;
                    }
                }
            }
        }
    }

    /// The status in the trailers, once they are [complete](Self::is_complete).
    ///
    /// `None` also if they hold none or are compressed. A value that is no code is [`Code::Unknown`]; of several lines
    /// the first counts.
    #[must_use]
    pub const fn status(&self) -> Option<Code> {
        match self.state {
            State::Complete { status } => status,
            _ => None,
        }
    }

    /// Whether the whole frame of trailers has passed.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        matches!(self.state, State::Complete { .. })
    }
}

#[derive(Clone, Debug)]
enum Encoding {
    Binary,
    Text(Base64),
}

/// Where in the sequence of frames the reader stands.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Within the flag and the length of a frame, of which `seen` bytes have passed.
    Head { seen: u8, flag: u8, length: u32 },
    /// Within a message, or another frame that says nothing.
    Skip { left: u32 },
    /// Within trailers that cannot be read: compressed, or with a flag that is not defined.
    Opaque { left: u32 },
    /// Within trailers.
    Trailers { left: u32, line: Line, status: Option<Code> },
    /// Past the trailers, which are the last frame.
    Complete { status: Option<Code> },
    /// The body is no gRPC-Web body.
    Stopped,
}

impl State {
    const HEAD: Self = Self::Head { seen: 0, flag: 0, length: 0 };

    const fn is_final(self) -> bool {
        matches!(self, Self::Complete { .. } | Self::Stopped)
    }

    fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            (*self, bytes) = self.advance(bytes);
        }
    }

    /// Reads some of `bytes`, at least one; returns what is left of them.
    fn advance(self, bytes: &[u8]) -> (Self, &[u8]) {
        match self {
            Self::Head { seen, flag, length } => {
                let Some((&byte, rest)) = bytes.split_first() else { return (self, bytes) };
                let (flag, length) =
                    if seen == 0 { (byte, 0) } else { (flag, length << 8 | u32::from(byte)) };
                let seen = seen + 1;
                let next = if seen < HEAD_LENGTH {
                    Self::Head { seen, flag, length }
                } else {
                    Self::body(flag, length)
                };
                (next, rest)
            }
            Self::Skip { left } => {
                let (_, rest, left) = split(bytes, left);
                (Self::Skip { left }.settle(), rest)
            }
            Self::Opaque { left } => {
                let (_, rest, left) = split(bytes, left);
                (Self::Opaque { left }.settle(), rest)
            }
            Self::Trailers { left, mut line, mut status } => {
                let (here, rest, left) = split(bytes, left);
                for &byte in here {
                    if let Some(code) = line.push(byte) {
                        status = status.or(Some(code));
                    }
                }
                (Self::Trailers { left, line, status }.settle(), rest)
            }
            Self::Complete { .. } | Self::Stopped => (self, &[]),
        }
    }

    fn body(flag: u8, left: u32) -> Self {
        let frame = match flag {
            TRAILERS => Self::Trailers { left, line: Line::NEW, status: None },
            _ if flag & TRAILERS != 0 => Self::Opaque { left },
            _ => Self::Skip { left },
        };
        frame.settle()
    }

    /// Leaves a frame that has passed whole.
    fn settle(self) -> Self {
        match self {
            Self::Skip { left: 0 } => Self::HEAD,
            Self::Opaque { left: 0 } => Self::Complete { status: None },
            // The last line may lack its line end.
            Self::Trailers { left: 0, mut line, status } => {
                Self::Complete { status: status.or(line.push(b'\n')) }
            }
            _ => self,
        }
    }
}

/// Splits off what belongs to a frame that has `left` bytes to go; returns it, the rest, and what is still to go.
fn split(bytes: &[u8], left: u32) -> (&[u8], &[u8], u32) {
    let here = u32::try_from(bytes.len()).unwrap_or(u32::MAX).min(left);
    let (frame, rest) = bytes.split_at_checked(here as usize).unwrap_or((bytes, &[]));
    (frame, rest, left - here)
}

/// A line of the trailers, recognised byte by byte so that none needs to be kept.
#[derive(Clone, Copy, Debug)]
enum Line {
    /// This many bytes of the name of the status field have come.
    Name(u8),
    /// The value of the status field, of which this much has come.
    Value(Value),
    /// Some other field.
    Other,
}

impl Line {
    const NEW: Self = Self::Name(0);

    /// Takes a byte; at the end of a status line, answers its code.
    fn push(&mut self, byte: u8) -> Option<Code> {
        let name = GRPC_STATUS;
        let name = name.as_str().as_bytes();
        *self = match *self {
            Self::Value(value) if byte == b'\n' => {
                *self = Self::NEW;
                return Some(value.code());
            }
            _ if byte == b'\n' => Self::NEW,
            Self::Name(matched) => match name.get(usize::from(matched)) {
                Some(expected) if byte.eq_ignore_ascii_case(expected) => Self::Name(matched + 1),
                None if byte == b':' => Self::Value(Value::Blank),
                _ => Self::Other,
            },
            Self::Value(value) => Self::Value(value.push(byte)),
            Self::Other => Self::Other,
        };
        None
    }
}

/// The value of a status field without the white space around it, as far as it can be a code.
#[derive(Clone, Copy, Debug)]
enum Value {
    Blank,
    One(u8),
    Two([u8; 2]),
    /// The value of one or two bytes has ended in white space, and nothing may follow.
    Ended(Code),
    Garbage,
}

impl Value {
    fn push(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Blank, b' ' | b'\t' | b'\r') => self,
            (_, b' ' | b'\t' | b'\r') => Self::Ended(self.code()),
            (Self::Blank, _) => Self::One(byte),
            (Self::One(first), _) => Self::Two([first, byte]),
            (Self::Two(_) | Self::Ended(_) | Self::Garbage, _) => Self::Garbage,
        }
    }

    fn code(self) -> Code {
        match self {
            Self::One(byte) => Code::from_wire(&[byte]),
            Self::Two(bytes) => Code::from_wire(&bytes),
            Self::Ended(code) => code,
            Self::Blank | Self::Garbage => Code::Unknown,
        }
    }
}

/// How much base64 is decoded at a time, in characters.
const BLOCK: usize = 256;

/// A base64 decoder that gives each byte as soon as its bits are there.
///
/// So the end of a body needs no announcement, and padding, wherever it stands, only ends a group of four.
#[derive(Clone, Copy, Debug)]
struct Base64 {
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
struct Garbage;

impl Base64 {
    const fn new() -> Self {
        Self { group: Group::Empty, previous: 0 }
    }

    /// Decodes `text` into `out`, which must be as long; returns what was decoded before the first garbage.
    fn decode<'a>(&mut self, text: &[u8], out: &'a mut [u8]) -> (&'a [u8], Result<(), Garbage>) {
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
    use proptest::prelude::*;

    use super::*;

    fn frame(flag: u8, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&[flag], &length[..], payload].concat()
    }

    fn base64(bytes: &[u8]) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let bits = group.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte))
                << (8 * (3 - group.len()));
            for position in 0..4 {
                let digit = ALPHABET[(bits >> (18 - 6 * position)) as usize & 63];
                text.push(if position <= group.len() { digit.into() } else { '=' });
            }
        }
        text
    }

    /// What a reader says after `chunks`.
    fn told<'a>(
        mut reader: TrailerReader,
        chunks: impl IntoIterator<Item = &'a [u8]>,
    ) -> (bool, Option<Code>) {
        for chunk in chunks {
            reader.read(chunk);
        }
        (reader.is_complete(), reader.status())
    }

    fn binary(body: &[u8]) -> (bool, Option<Code>) {
        told(TrailerReader::binary(), [body])
    }

    fn text(body: &str) -> (bool, Option<Code>) {
        told(TrailerReader::text(), [body.as_bytes()])
    }

    fn trailers(lines: &[u8]) -> Option<Code> {
        let (complete, status) = binary(&frame(0x80, lines));
        assert!(complete);
        status
    }

    #[test]
    fn the_status_stands_in_the_last_frame() {
        let body =
            [frame(0, b"hello"), frame(1, b"packed"), frame(0, b""), frame(0x80, b"grpc-status:5\r\n")]
                .concat();
        assert_eq!(binary(&body), (true, Some(Code::NotFound)));
        assert_eq!(text(&base64(&body)), (true, Some(Code::NotFound)));
    }

    #[test]
    fn a_line_is_read_in_every_spelling() {
        for lines in [
            "grpc-status: 13\r\n",
            "grpc-status:13\r\n",
            "Grpc-Status:\t13 \r\n",
            "GRPC-STATUS: 13\n",
            "grpc-status:13",
            "grpc-message:x\r\ngrpc-status:13\r\n",
            "grpc-status:13\r\ngrpc-message:grpc-status:0\r\n",
            "x\r\n\r\n\ngrpc-status:13\r\n\r\n",
            "grpc-statuses:0\r\ngrpc-status:13\r\n",
            "grpc-stat\r\ngrpc-status:13",
            " grpc-status:0\r\ngrpc-status:13",
            "xgrpc-status:0\r\ngrpc-status:13",
        ] {
            assert_eq!(trailers(lines.as_bytes()), Some(Code::Internal), "{lines:?}");
        }
    }

    #[test]
    fn a_value_that_is_no_code_is_unknown() {
        for value in ["", " ", "x", "00", "17", "130", "1 3", "1\r3", "13 0", "+1", "99999999999", "13\0"] {
            assert_eq!(
                trailers(format!("grpc-status:{value}\r\n").as_bytes()),
                Some(Code::Unknown),
                "{value:?}"
            );
        }
    }

    #[test]
    fn the_first_status_counts() {
        assert_eq!(trailers(b"grpc-status:7\r\ngrpc-status:0\r\n"), Some(Code::PermissionDenied));
        assert_eq!(trailers(b"grpc-status:x\r\ngrpc-status:0\r\n"), Some(Code::Unknown));
    }

    #[test]
    fn trailers_without_a_status_are_complete_and_say_nothing() {
        for lines in ["", "grpc-message:x\r\n", "\r\n", "grpc-status", "grpc-status 0\r\n"] {
            assert_eq!(trailers(lines.as_bytes()), None, "{lines:?}");
        }
    }

    #[test]
    fn trailers_that_are_cut_say_nothing_yet() {
        let body = frame(0x80, b"grpc-status:0\r\ngrpc-message:\r\n");
        for end in 0..body.len() {
            assert_eq!(binary(&body[..end]), (false, None), "{end}");
        }
        assert_eq!(binary(&body), (true, Some(Code::Ok)));
    }

    #[test]
    fn what_follows_the_trailers_is_not_read() {
        let body = [frame(0x80, b"grpc-status:0\r\n"), frame(0x80, b"grpc-status:5\r\n")].concat();
        assert_eq!(binary(&body), (true, Some(Code::Ok)));
        assert_eq!(
            text(&format!("{}!!!", base64(&frame(0x80, b"grpc-status:0\r\n")))),
            (true, Some(Code::Ok))
        );
    }

    #[test]
    fn compressed_trailers_are_complete_and_say_nothing() {
        for flag in [0x81, 0x82, 0xff] {
            assert_eq!(binary(&frame(flag, b"grpc-status:0\r\n")), (true, None));
            assert_eq!(binary(&frame(flag, b"")), (true, None));
            assert_eq!(binary(&frame(flag, b"xyz")[..7]), (false, None));
        }
    }

    #[test]
    fn a_message_that_looks_like_trailers_is_not_read() {
        let inner = frame(0x80, b"grpc-status:0\r\n");
        assert_eq!(binary(&frame(0, &inner)), (false, None));
        let body = [frame(0, &inner), frame(0x80, b"grpc-status:8\r\n")].concat();
        assert_eq!(binary(&body), (true, Some(Code::ResourceExhausted)));
    }

    #[test]
    fn a_frame_that_announces_more_than_comes_is_waited_for() {
        let mut reader = TrailerReader::binary();
        reader.read(b"\0\xff\xff\xff\xff");
        for _ in 0..1000 {
            reader.read(&[0x80; 1000]);
        }
        assert_eq!((reader.is_complete(), reader.status()), (false, None));

        let mut reader = TrailerReader::binary();
        reader.read(b"\x80\xff\xff\xff\xffgrpc-status:0\r\n");
        reader.read(&[b'x'; 100_000]);
        assert_eq!((reader.is_complete(), reader.status()), (false, None));
    }

    #[test]
    fn a_status_is_found_behind_any_length_of_other_lines() {
        let lines = format!("grpc-message:{}\r\ngrpc-status:{}2\r\n", "x".repeat(20_000), " ".repeat(20_000));
        assert_eq!(trailers(lines.as_bytes()), Some(Code::Unknown));
        assert_eq!(trailers(lines.replace('2', "3").as_bytes()), Some(Code::InvalidArgument));
    }

    #[test]
    fn a_reader_keeps_a_few_bytes_whatever_the_body() {
        assert!(size_of::<TrailerReader>() <= 24, "{}", size_of::<TrailerReader>());
    }

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

    #[test]
    fn the_content_type_chooses_the_reader() {
        let encoding = |content_type: &'static str| {
            let reader = TrailerReader::for_content_type(&HeaderValue::from_static(content_type))?;
            Some(matches!(reader.encoding, Encoding::Text(_)))
        };
        for binary in ["", "+proto", "+json", ";charset=utf-8", " ; a=b", "+proto;x"] {
            let content_type = format!("application/grpc-web{binary}").leak();
            assert_eq!(encoding(content_type), Some(false), "{content_type}");
            let content_type = format!("Application/GRPC-Web-Text{binary}").leak();
            assert_eq!(encoding(content_type), Some(true), "{content_type}");
        }
        for other in
            ["", "application/grpc", "application/grpc+proto", "application/grpc-website", "text/html"]
        {
            assert_eq!(encoding(other), None, "{other}");
        }
    }

    /// A body, and the status that its trailers tell.
    #[derive(Clone, Debug)]
    struct Body {
        frames: Vec<Vec<u8>>,
        status: Option<Code>,
    }

    fn any_body() -> impl Strategy<Value = Body> {
        let messages =
            proptest::collection::vec((0_u8..2, proptest::collection::vec(any::<u8>(), 0..40)), 0..4);
        let fields =
            proptest::collection::vec("(grpc-message|x|grpc-statu|grpc-status-): ?[ -~]{0,30}", 0..3);
        let status = proptest::option::of((0_u8..20, "grpc-status|Grpc-Status", "[ \t]{0,3}", "[ \t]{0,3}"));
        (messages, fields, status, 0_usize..4).prop_map(|(messages, mut lines, status, place)| {
            let code = status.as_ref().map(|(number, ..)| Code::from_u8(*number).unwrap_or(Code::Unknown));
            if let Some((number, name, before, after)) = status {
                lines.insert(place.min(lines.len()), format!("{name}:{before}{number}{after}"));
            }
            let mut frames: Vec<_> = messages.iter().map(|(flag, payload)| frame(*flag, payload)).collect();
            frames.push(frame(
                0x80,
                lines.iter().map(|line| format!("{line}\r\n")).collect::<String>().as_bytes(),
            ));
            Body { frames, status: code }
        })
    }

    /// The pieces of `bytes` between `cuts`, some of them empty.
    fn cut<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
        let mut cuts: Vec<_> =
            cuts.iter().map(|cut| cut % (bytes.len() + 1)).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
    }

    proptest! {
        #[test]
        fn a_body_tells_its_status_however_it_is_cut(body in any_body(), cuts: Vec<usize>) {
            let bytes = body.frames.concat();
            prop_assert_eq!(told(TrailerReader::binary(), cut(&bytes, &cuts)), (true, body.status));
            prop_assert_eq!(told(TrailerReader::binary(), bytes.chunks(1)), (true, body.status));
        }

        #[test]
        fn a_text_body_tells_its_status_however_it_is_encoded_and_cut(
            body in any_body(), pieces: Vec<usize>, cuts: Vec<usize>,
        ) {
            let bytes = body.frames.concat();
            let encoded: String = cut(&bytes, &pieces).into_iter().map(base64).collect();
            prop_assert_eq!(told(TrailerReader::text(), cut(encoded.as_bytes(), &cuts)), (true, body.status));
            prop_assert_eq!(told(TrailerReader::text(), encoded.as_bytes().chunks(1)), (true, body.status));
        }

        #[test]
        fn arbitrary_bytes_say_the_same_however_they_are_cut(bytes: Vec<u8>, cuts: Vec<usize>) {
            for reader in [TrailerReader::binary(), TrailerReader::text()] {
                let whole = told(reader.clone(), [&bytes[..]]);
                prop_assert_eq!(told(reader, cut(&bytes, &cuts)), whole);
            }
        }

        #[test]
        fn almost_base64_says_the_same_however_it_is_cut(text in "(gAAAA|[A-Za-z0-9+/]{0,9}|={0,3}|!?){0,99}", cuts: Vec<usize>) {
            let whole = told(TrailerReader::text(), [text.as_bytes()]);
            prop_assert_eq!(told(TrailerReader::text(), cut(text.as_bytes(), &cuts)), whole);
        }
    }
}
