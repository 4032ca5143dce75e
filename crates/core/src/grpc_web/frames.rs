//! The sequence of frames that a body is.

use crate::grpc::Code;
use crate::grpc_web::line::Line;

/// The flag of a frame that holds trailers.
const TRAILERS: u8 = 0x80;
/// Flag and length.
const HEAD_LENGTH: u8 = 5;

/// Where in the sequence of frames the reader stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frames {
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

impl Frames {
    pub(super) const START: Self = Self::Head { seen: 0, flag: 0, length: 0 };

    pub(super) const fn is_final(self) -> bool {
        matches!(self, Self::Complete { .. } | Self::Stopped)
    }

    /// Reads all of `bytes`; returns how many messages have passed whole.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> u64 {
        let mut messages = 0;
        while !bytes.is_empty() {
            (*self, bytes) = self.advance(bytes);
            // Only behind a message does another frame begin: the trailers are the last.
            messages += u64::from(matches!(self, Self::Head { seen: 0, .. }));
        }
        messages
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
            Self::Skip { left: 0 } => Self::START,
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
    use crate::grpc_web::TrailerReader;
    use crate::grpc_web::scenario::{base64, binary, frame, text};

    #[test]
    fn the_status_stands_in_the_last_frame() {
        let body =
            [frame(0, b"hello"), frame(1, b"packed"), frame(0, b""), frame(0x80, b"grpc-status:5\r\n")]
                .concat();
        assert_eq!(binary(&body), (true, Some(Code::NotFound)));
        assert_eq!(text(&base64(&body)), (true, Some(Code::NotFound)));
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
}
