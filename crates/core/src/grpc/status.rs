//! The status in headers or trailers.

use http::HeaderMap;

use crate::grpc::code::Code;
use crate::names::header::GRPC_STATUS;
use crate::pick::pick;

/// The status in the `grpc-status` field of headers or trailers; `None` where there is none.
///
/// A value that is no code is [`Code::Unknown`]. Of several lines the first counts.
#[must_use]
pub fn status(headers: &HeaderMap) -> Option<Code> {
    let [status] = pick(headers, [&GRPC_STATUS]);
    status.map(|value| Code::from_wire(value.as_bytes()))
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
    use http::HeaderValue;

    use super::*;

    fn status_of(value: &[u8]) -> Option<Code> {
        status(&HeaderMap::from_iter([(GRPC_STATUS, HeaderValue::from_bytes(value).unwrap())]))
    }

    #[test]
    fn every_code_stands_at_its_number_and_is_read_from_its_digits() {
        for (number, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(code.as_u8()), number);
            assert_eq!(Code::from_u8(code.as_u8()), Some(code));
            assert_eq!(status_of(number.to_string().as_bytes()), Some(code));
        }
        assert_eq!(Code::from_u8(17), None);
        assert_eq!(Code::from_u8(255), None);
    }

    #[test]
    fn a_status_that_is_no_code_is_unknown_and_not_absent() {
        for value in
            ["", "00", "05", "+0", "-1", "17", "20", "99", "160", "1 ", " 1", "0x0", "OK", "0,0", "\u{0660}"]
        {
            assert_eq!(status_of(value.as_bytes()), Some(Code::Unknown), "{value:?}");
        }
        assert_eq!(status(&HeaderMap::new()), None);
    }

    #[test]
    fn the_first_of_several_lines_counts() {
        let lines = ["7", "0"].map(|value| (GRPC_STATUS, HeaderValue::from_static(value)));
        assert_eq!(status(&HeaderMap::from_iter(lines)), Some(Code::PermissionDenied));
    }
}
