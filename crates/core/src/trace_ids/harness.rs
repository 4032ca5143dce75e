//! What the W3C asks of an implementation in its test harness, family by family.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::names::header::TRACEPARENT;
use crate::trace_ids::{TraceIds, TraceparentError};

const TRACE: &str = "12345678901234567890123456789012";
const SPAN: &str = "1234567890123456";

fn parse(value: &str) -> Result<TraceIds, TraceparentError> {
    TraceIds::parse(value.as_bytes())
}

fn refuses(value: &str, error: TraceparentError) {
    assert_eq!(parse(value), Err(error), "{value:?}");
}

fn accepts(value: &str, traceparent: &str) {
    assert_eq!(parse(value).map(|ids| ids.to_string()), Ok(traceparent.to_owned()), "{value:?}");
}

fn headers(lines: &[&'static str]) -> HeaderMap {
    lines.iter().map(|line| (TRACEPARENT, HeaderValue::from_static(line))).collect()
}

#[test]
fn no_header_is_no_error_and_two_are_one() {
    const ONE: &str = "00-12345678901234567890123456789011-1234567890123456-01";
    const TWO: &str = "00-12345678901234567890123456789012-1234567890123456-01";
    assert_eq!(TraceIds::from_headers(&headers(&[])), Ok(None));
    let ids = TraceIds::from_headers(&headers(&[ONE])).unwrap().unwrap();
    assert_eq!(ids.to_string(), ONE);
    for lines in [[ONE, TWO], [ONE, ONE]] {
        assert_eq!(TraceIds::from_headers(&headers(&lines)), Err(TraceparentError::Duplicate));
    }
}

#[test]
fn the_name_is_matched_in_any_casing_and_as_one_word() {
    for (name, found) in [
        ("TraceParent", true),
        ("TrAcEpArEnT", true),
        ("TRACEPARENT", true),
        ("trace-parent", false),
        ("trace.parent", false),
    ] {
        let name = HeaderName::try_from(name).unwrap();
        let value = HeaderValue::from_static("00-12345678901234567890123456789012-1234567890123456-01");
        let headers = HeaderMap::from_iter([(name, value)]);
        assert_eq!(TraceIds::from_headers(&headers).unwrap().is_some(), found, "{headers:?}");
    }
}

#[test]
fn version_00_is_exactly_55_characters_long() {
    refuses("", TraceparentError::Length);
    refuses("00", TraceparentError::Length);
    refuses(&format!("00-{TRACE}-{SPAN}-"), TraceparentError::Length);
    refuses(&format!("00-{TRACE}-{SPAN}-01."), TraceparentError::Length);
    refuses(&format!("00-{TRACE}-{SPAN}-01-"), TraceparentError::Length);
    refuses(&format!("00-{TRACE}-{SPAN}-01-what-the-future-will-be-like"), TraceparentError::Length);
    refuses(&"0".repeat(8 * 1024), TraceparentError::Length);
}

#[test]
fn a_higher_version_is_read_as_far_as_it_is_known() {
    let known = format!("00-{TRACE}-{SPAN}-01");
    for version in ["01", "cc", "fe"] {
        accepts(&format!("{version}-{TRACE}-{SPAN}-01"), &known);
        accepts(&format!("{version}-{TRACE}-{SPAN}-01-"), &known);
        accepts(&format!("{version}-{TRACE}-{SPAN}-01-what-the-future-will-be-like"), &known);
        refuses(&format!("{version}-{TRACE}-{SPAN}-01.what"), TraceparentError::Delimiter);
        refuses(&format!("{version}-{TRACE}-{SPAN}-0"), TraceparentError::Length);
    }
}

#[test]
fn version_ff_is_forbidden() {
    refuses(&format!("ff-{TRACE}-{SPAN}-01"), TraceparentError::Version);
    refuses(&format!("ff-{TRACE}-{SPAN}-01-what"), TraceparentError::Version);
}

#[test]
fn an_illegal_version_is_refused() {
    for version in [".0", "0.", "+0", "FE", "0 ", "é"] {
        refuses(&format!("{version}-{TRACE}-{SPAN}-01"), TraceparentError::Character);
    }
    refuses(&format!("000-{TRACE}-{SPAN}-01"), TraceparentError::Length);
    refuses(&format!("0000-{TRACE}-{SPAN}-01"), TraceparentError::Length);
    refuses(&format!("0-{TRACE}-{SPAN}-01"), TraceparentError::Length);
    refuses(&format!("010-{TRACE}-{SPAN}-01"), TraceparentError::Delimiter);
}

#[test]
fn an_illegal_trace_id_is_refused() {
    refuses(&format!("00-{}-{SPAN}-01", "0".repeat(32)), TraceparentError::ZeroTraceId);
    for digit in [".", "A", "+", "g", "-", "\0"] {
        refuses(&format!("00-{digit}{}-{SPAN}-01", &TRACE[1..]), TraceparentError::Character);
        refuses(&format!("00-{}{digit}-{SPAN}-01", &TRACE[1..]), TraceparentError::Character);
    }
    refuses(&format!("00-{TRACE}3-{SPAN}-01"), TraceparentError::Length);
    refuses(&format!("00-{}-{SPAN}-01", &TRACE[1..]), TraceparentError::Length);
    // Too short and too long at once, so that the whole has the right length.
    refuses(&format!("00-{}-0{SPAN}-01", &TRACE[1..]), TraceparentError::Character);
    refuses(&format!("00-{TRACE}3-{}-01", &SPAN[1..]), TraceparentError::Delimiter);
}

#[test]
fn an_illegal_parent_id_is_refused() {
    refuses(&format!("00-{TRACE}-{}-01", "0".repeat(16)), TraceparentError::ZeroSpanId);
    for digit in [".", "A", "+", "g", "-"] {
        refuses(&format!("00-{TRACE}-{digit}{}-01", &SPAN[1..]), TraceparentError::Character);
        refuses(&format!("00-{TRACE}-{}{digit}-01", &SPAN[1..]), TraceparentError::Character);
    }
    refuses(&format!("00-{TRACE}-{SPAN}7-01"), TraceparentError::Length);
    refuses(&format!("00-{TRACE}-{}-01", &SPAN[1..]), TraceparentError::Length);
    refuses(&format!("00-{TRACE}-{}-001", &SPAN[1..]), TraceparentError::Character);
}

#[test]
fn illegal_flags_are_refused() {
    for flags in [".0", "0.", "+1", "0A", "1-"] {
        refuses(&format!("00-{TRACE}-{SPAN}-{flags}"), TraceparentError::Character);
    }
    for flags in ["", "1", "001"] {
        refuses(&format!("00-{TRACE}-{SPAN}-{flags}"), TraceparentError::Length);
    }
    refuses(&format!("00-{TRACE}-{SPAN}001"), TraceparentError::Delimiter);
}

#[test]
fn white_space_around_the_value_is_ignored_and_nothing_else_is() {
    let value = format!("00-{TRACE}-{SPAN}-01");
    for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t \t", "\t \t")] {
        accepts(&format!("{before}{value}{after}"), &value);
    }
    refuses(&format!("{value}\n"), TraceparentError::Length);
    refuses(&format!("\u{b}{value}"), TraceparentError::Character);
    refuses(&format!("00 -{TRACE}-{SPAN}-01"), TraceparentError::Length);
}

#[test]
fn the_random_flag_is_kept_and_reserved_flags_are_not() {
    for (inbound, outbound) in
        [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("04", "00"), ("fd", "01"), ("ff", "03")]
    {
        accepts(&format!("00-{TRACE}-{SPAN}-{inbound}"), &format!("00-{TRACE}-{SPAN}-{outbound}"));
    }
    let child = parse(&format!("00-{TRACE}-{SPAN}-ff")).unwrap().child();
    assert_eq!(child.flags.to_byte(), 3);
    assert_eq!(child.trace_id.to_string(), TRACE);
    assert_ne!(child.span_id.to_string(), SPAN);
}
