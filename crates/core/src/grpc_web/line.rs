//! The header lines that the last frame holds.

use crate::grpc::Code;
use crate::names::header::GRPC_STATUS;

/// A line of the trailers, recognised byte by byte so that none needs to be kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    /// This many bytes of the name of the status field have come.
    Name(u8),
    /// The value of the status field, of which this much has come.
    Value(Value),
    /// Some other field.
    Other,
}

impl Line {
    pub(super) const NEW: Self = Self::Name(0);

    /// Takes a byte; at the end of a status line, answers its code.
    pub(super) fn push(&mut self, byte: u8) -> Option<Code> {
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
pub(super) enum Value {
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
    use crate::grpc_web::scenario::{binary, frame};

    fn trailers(lines: &[u8]) -> Option<Code> {
        let (complete, status) = binary(&frame(0x80, lines));
        assert!(complete);
        status
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
    fn a_status_is_found_behind_any_length_of_other_lines() {
        let lines = format!("grpc-message:{}\r\ngrpc-status:{}2\r\n", "x".repeat(20_000), " ".repeat(20_000));
        assert_eq!(trailers(lines.as_bytes()), Some(Code::Unknown));
        assert_eq!(trailers(lines.replace('2', "3").as_bytes()), Some(Code::InvalidArgument));
    }
}
