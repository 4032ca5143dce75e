//! `traceparent`, against the letter of the standard.

use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::TRACEPARENT;

use super::input;

pub(crate) fn run(data: &[u8]) {
    // White space around a value is none of it (RFC 9110, section 5.5).
    let data = data.trim_ascii();
    let read = TraceIds::parse(data);
    assert_eq!(read.is_ok(), is_valid(data), "read as {read:?}");
    if let Ok(ids) = read {
        let written = ids.traceparent();
        assert_eq!(written[..53], *b"00".iter().chain(&data[2..53]).copied().collect::<Vec<_>>());
        assert_eq!(TraceIds::parse(&written), Ok(ids));
    }

    let headers = input::headers(&TRACEPARENT, data);
    let mut lines = headers.get_all(TRACEPARENT).iter();
    match (lines.next(), lines.next()) {
        (None, _) => assert!(TraceIds::from_headers(&headers).unwrap().is_none()),
        (Some(line), None) => {
            let whole = TraceIds::parse(line.as_bytes());
            assert_eq!(TraceIds::from_headers(&headers).ok().flatten(), whole.ok());
        }
        (Some(_), Some(_)) => assert!(TraceIds::from_headers(&headers).is_err(), "two lines are none"),
    }
}

/// W3C Trace Context level 2, section 3.2.
fn is_valid(data: &[u8]) -> bool {
    let is_hex = |digits: &[u8]| digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let Some((head, rest)) = data.split_at_checked(55) else { return false };
    let (version, trace, span, flags) = (&head[..2], &head[3..35], &head[36..52], &head[53..]);
    [head[2], head[35], head[52]] == *b"---"
        && [version, trace, span, flags].into_iter().all(is_hex)
        && trace.iter().any(|digit| *digit != b'0')
        && span.iter().any(|digit| *digit != b'0')
        && version != b"ff"
        && (rest.is_empty() || version != b"00" && rest[0] == b'-')
}
