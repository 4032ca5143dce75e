//! The canonical status codes.

use std::fmt;

use http::StatusCode;

/// The canonical status codes of gRPC, with their numbers on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Code {
    /// The call succeeded.
    Ok = 0,
    /// The call was cancelled, typically by the caller.
    Cancelled = 1,
    /// No status, or one that cannot be understood.
    Unknown = 2,
    /// The caller sent something that is wrong in any state of the system.
    InvalidArgument = 3,
    /// The deadline passed before the call ended.
    DeadlineExceeded = 4,
    /// What was asked for does not exist.
    NotFound = 5,
    /// What was to be made exists.
    AlreadyExists = 6,
    /// The caller is known and may not do this.
    PermissionDenied = 7,
    /// A quota or another resource is used up.
    ResourceExhausted = 8,
    /// The system is not in the state that the call needs.
    FailedPrecondition = 9,
    /// The call met a concurrent one.
    Aborted = 10,
    /// The call went past the valid range.
    OutOfRange = 11,
    /// The method is not implemented.
    Unimplemented = 12,
    /// An invariant of the service is broken.
    Internal = 13,
    /// The service is not available now.
    Unavailable = 14,
    /// Data is lost or corrupt beyond repair.
    DataLoss = 15,
    /// The caller is not known.
    Unauthenticated = 16,
}

impl Code {
    /// All codes; each stands at the index of its number.
    pub const ALL: [Self; 17] = [
        Self::Ok,
        Self::Cancelled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
    ];

    /// The code with this number; `None` above 16.
    #[must_use]
    pub fn from_u8(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The code that stands for an HTTP status where a response has no gRPC status of its own.
    ///
    /// This is gRPC's "HTTP to gRPC Status Code Mapping"; 200 is [`Code::Unknown`] in it, not success.
    #[must_use]
    pub fn from_http_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::Internal,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 => Self::Unimplemented,
            429 | 502 | 503 | 504 => Self::Unavailable,
            _ => Self::Unknown,
        }
    }

    /// Reads the value of a `grpc-status` field: one or two digits without leading zero.
    ///
    /// Anything else is [`Code::Unknown`], as gRPC demands of a code that the receiver does not know.
    pub(crate) fn from_wire(value: &[u8]) -> Self {
        let number = match *value {
            [ones @ b'0'..=b'9'] => ones - b'0',
            [b'1', ones @ b'0'..=b'9'] => 10 + (ones - b'0'),
            _ => return Self::Unknown,
        };
        Self::from_u8(number).unwrap_or(Self::Unknown)
    }

    /// The number on the wire.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// The name in capitals, `DEADLINE_EXCEEDED`: the form of `rpc.status_code` and `error.type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Cancelled => "CANCELLED",
            Self::Unknown => "UNKNOWN",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::Aborted => "ABORTED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Unimplemented => "UNIMPLEMENTED",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
            Self::DataLoss => "DATA_LOSS",
            Self::Unauthenticated => "UNAUTHENTICATED",
        }
    }

    /// Whether the code is an error of the service that sent it, by the OpenTelemetry conventions for gRPC servers.
    ///
    /// To a client every code but [`Code::Ok`] is an error.
    #[must_use]
    pub const fn is_server_error(self) -> bool {
        matches!(
            self,
            Self::Unknown
                | Self::DeadlineExceeded
                | Self::Unimplemented
                | Self::Internal
                | Self::Unavailable
                | Self::DataLoss
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
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

    #[test]
    fn the_names_are_those_of_grpc() {
        let names = "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS \
                     PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED \
                     INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED";
        assert_eq!(Code::ALL.map(Code::as_str).join(" "), names);
        assert_eq!(Code::DataLoss.to_string(), "DATA_LOSS");
    }

    #[test]
    fn six_codes_are_the_fault_of_the_server() {
        let errors = Code::ALL.into_iter().filter(|code| code.is_server_error()).map(Code::as_u8);
        assert_eq!(errors.collect::<Vec<_>>(), [2, 4, 12, 13, 14, 15]);
    }

    #[test]
    fn a_missing_status_is_mapped_from_http_and_never_to_success() {
        for (http, code) in [
            (400, Code::Internal),
            (401, Code::Unauthenticated),
            (403, Code::PermissionDenied),
            (404, Code::Unimplemented),
            (429, Code::Unavailable),
            (502, Code::Unavailable),
            (503, Code::Unavailable),
            (504, Code::Unavailable),
            (200, Code::Unknown),
            (204, Code::Unknown),
            (302, Code::Unknown),
            (418, Code::Unknown),
            (500, Code::Unknown),
        ] {
            assert_eq!(Code::from_http_status(StatusCode::from_u16(http).unwrap()), code, "{http}");
        }
        let any = (100..1000).map(|http| Code::from_http_status(StatusCode::from_u16(http).unwrap()));
        assert!(any.into_iter().all(|code| code != Code::Ok));
    }

    proptest! {
        #[test]
        fn an_arbitrary_value_is_a_code_only_in_its_one_form(value: Vec<u8>) {
            let code = Code::from_wire(&value);
            prop_assert!(code == Code::Unknown || code.as_u8().to_string().as_bytes() == value);
        }
    }
}
