//! What the tests of this module say of a `tracestate`: the header lines that come, and what goes out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use crate::names::header::TRACESTATE;
use crate::trace_state::{TraceState, TraceStateError};

pub(super) fn of(lines: &[&str]) -> Result<TraceState, TraceStateError> {
    TraceState::from_headers(&headers(lines))
}

pub(super) fn sent(state: &TraceState) -> String {
    state.to_header_value().map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

pub(super) fn accepts(lines: &[&str], outbound: &str) {
    assert_eq!(of(lines).map(|state| sent(&state)), Ok(outbound.to_owned()), "{lines:?}");
}

pub(super) fn refuses(lines: &[&str], error: TraceStateError) {
    assert_eq!(of(lines), Err(error), "{lines:?}");
}

pub(super) fn headers(lines: &[&str]) -> HeaderMap {
    lines.iter().map(|line| (TRACESTATE, HeaderValue::from_str(line).unwrap())).collect()
}

/// `count` members of `length` bytes each: `00=vvv`, `01=vvv` and so on.
pub(super) fn members(count: usize, length: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n:02}={}", "v".repeat(length - 3))).collect()
}

pub(super) fn any_member() -> impl Strategy<Value = (String, String)> {
    ("[0-9a-z][0-9a-z_*/@-]{0,40}", "[ -+.-<>-~-]{0,40}[!-+.-<>-~-]")
}
