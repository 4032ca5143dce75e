//! Heads that tell nothing of a caller: most of those that begin a trace.

use http::{HeaderMap, HeaderName};
use tower_telemetry_core::names::header;

use crate::propagation::format::Format;

/// What tells something; a `tracestate` alone says nothing. Made once: a look-up borrows its names.
static TELLING: [HeaderName; 3] = [header::TRACEPARENT, header::BAGGAGE, header::X_TRACE_ID];

/// Whether a look at the names of the fields is enough to know that a head tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// No more than those of W3C are read.
    OfW3c,
    /// Other formats have many, and some that only begin alike.
    Many,
}

impl Names {
    pub(super) fn of(formats: &[Format]) -> Self {
        let is_w3c = |format: &Format| matches!(format, Format::TraceContext | Format::Baggage);
        if formats.iter().all(is_w3c) { Self::OfW3c } else { Self::Many }
    }

    /// Whether certainly nothing is told: one look, in place of a search for each field.
    pub(super) fn are_absent_from(self, headers: &HeaderMap) -> bool {
        self == Self::OfW3c && !headers.keys().any(|name| TELLING.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn head(names: &[&'static str]) -> HeaderMap {
        let value = || HeaderValue::from_static("x");
        names.iter().map(|name| (HeaderName::from_static(name), value())).collect()
    }

    fn crowd(name: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for name in (0..40).map(|n| format!("x-{n}")).chain([name.to_owned()]) {
            if let Ok(name) = HeaderName::try_from(name) {
                headers.insert(name, HeaderValue::from_static("x"));
            }
        }
        headers
    }

    #[test]
    fn a_head_is_quiet_if_nothing_of_w3c_stands_in_it() {
        let w3c = Names::of(&[Format::TraceContext, Format::Baggage]);
        for quiet in [head(&[]), head(&["host", "tracestate", "x-baggage"]), crowd("x-last")] {
            assert!(w3c.are_absent_from(&quiet), "{quiet:?}");
        }
        for told in [
            head(&["host", "traceparent"]),
            head(&["baggage"]),
            head(&["x-trace-id"]),
            crowd("traceparent"),
            crowd("baggage"),
            crowd("x-trace-id"),
        ] {
            assert!(!w3c.are_absent_from(&told), "{told:?}");
        }
    }

    #[test]
    fn nothing_is_certain_where_other_formats_are_read() {
        assert!(!Names::of(&[Format::TraceContext, Format::B3]).are_absent_from(&head(&[])));
    }
}
