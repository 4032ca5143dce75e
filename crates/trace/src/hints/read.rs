//! A hint, read strictly: what is not well-formed, or of another trace, says nothing.

use http::HeaderMap;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::{SERVER_TIMING, TRACERESPONSE};
use tower_telemetry_core::trace_ids::TraceId;

/// Whether these headers or trailers say that the callee keeps its part of this trace.
pub(crate) fn is_kept(trace: TraceId, headers: &HeaderMap) -> bool {
    by_server_timing(headers)
        .chain(by_traceresponse(headers))
        .any(|told| TraceIds::parse(told).is_ok_and(|ids| ids.trace_id == trace && ids.flags.is_sampled()))
}

fn by_traceresponse(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(TRACERESPONSE).iter().map(|value| value.as_bytes())
}

/// The descriptions of all metrics of the name `trace`, over all lines.
fn by_server_timing(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(SERVER_TIMING).iter().map(|value| value.as_bytes());
    lines.flat_map(|line| split(line, b',')).filter_map(description)
}

/// `desc` of one metric, if its name is `trace`; of several, the first counts.
fn description(metric: &[u8]) -> Option<&[u8]> {
    let mut parts = split(metric, b';').map(<[u8]>::trim_ascii);
    if parts.next()? != b"trace" {
        return None;
    }
    let value = parts.find_map(|part| {
        let at = part.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (part.get(..at)?.trim_ascii(), part.get(at + 1..)?.trim_ascii());
        name.eq_ignore_ascii_case(b"desc").then_some(value)
    })?;
    // Nothing of a traceparent wants an escape, so one inside the quotes is no traceparent.
    Some(value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value))
}

/// The parts between separators; those within a quoted text do not separate.
fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |byte| {
        let escapes = is_quoted && *byte == b'\\' && !is_escaped;
        if *byte == b'"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = escapes;
        *byte == separator && !is_quoted
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use http::{HeaderName, HeaderValue};
    use tower_telemetry_core::trace_ids::TraceFlags;

    use super::*;
    use crate::hints::tell;

    const IDS: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn says(lines: &[(HeaderName, &str)]) -> bool {
        let headers = lines.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        is_kept(TraceIds::parse(IDS.as_bytes()).unwrap().trace_id, &headers.collect())
    }

    fn timing(line: &str) -> bool {
        says(&[(SERVER_TIMING, line)])
    }

    #[test]
    fn what_is_written_is_read_beside_what_others_write() {
        let ids = TraceIds::random(TraceFlags::SAMPLED);
        let mut headers = HeaderMap::from_iter([(SERVER_TIMING, HeaderValue::from_static("db;dur=53"))]);
        tell(&ids, &mut headers);
        assert_eq!(headers.get_all(SERVER_TIMING).iter().count(), 2);
        assert!(is_kept(ids.trace_id, &headers));
        assert!(!is_kept(TraceId::random(), &headers), "another's trace is none of ours");
    }

    #[test]
    fn a_hint_is_found_wherever_the_grammar_lets_it_stand() {
        assert!(timing(&format!("trace;desc={IDS}")));
        assert!(timing(&format!("cache;desc=\"a, \\\"trace;b\";dur=1 , trace ; dur=2; Desc = \"{IDS}\", x")));
        assert!(says(&[(SERVER_TIMING, "x"), (SERVER_TIMING, &format!("trace;desc={IDS}"))]));
        assert!(says(&[(TRACERESPONSE, IDS)]));
    }

    #[test]
    fn what_is_malformed_or_unsampled_says_nothing() {
        let unsampled = IDS.strip_suffix('1').unwrap();
        for line in [
            String::new(),
            format!("trace;desc={unsampled}0"),
            format!("Trace;desc={IDS}"),
            format!("tracer;desc={IDS}"),
            format!("trace;description={IDS}"),
            format!("trace;dur={IDS}"),
            format!("trace;desc=x;desc={IDS}"),
            format!("trace;desc=\"{IDS}"),
            format!("trace;desc={IDS}-00"),
            format!("trace;desc={}", IDS.to_uppercase()),
            format!("x;desc=\"trace;desc={IDS}\""),
            format!("x;desc=\", trace;desc={IDS}"),
            format!("trace={IDS}"),
            IDS.to_owned(),
        ] {
            assert!(!timing(&line), "{line}");
        }
        assert!(!says(&[(TRACERESPONSE, &format!("trace;desc={IDS}"))]));
        assert!(!says(&[(TRACERESPONSE, &format!("{unsampled}0"))]));
    }
}
