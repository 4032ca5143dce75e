//! `server-timing`: the trace, and the time to the head.

use std::time::Duration;

use bytes::BytesMut;
use http::{HeaderMap, HeaderValue};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::SERVER_TIMING;

use crate::contract::text::{millis_and_micros, three};

const TRACE: &[u8] = b"trace;desc=";

/// The line of both, with room for the ids: a copy of it is written at once.
const LINE: &[u8; 77] = b"trace;desc=00-                                -                -  , head;dur=";
/// Of it, what tells the trace.
const TRACE_ALONE: usize = TRACE.len() + 55;
/// Of it, where the time begins.
const HEAD: usize = TRACE_ALONE + ", ".len();

/// Where the flags begin in `00-<trace>-<span>-<flags>`.
const FLAGS_AT: usize = 53;

/// What is told, in one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    pub(super) ids: Option<TraceIds>,
    pub(super) head: Option<Duration>,
}

impl Timing {
    /// In bytes, with the milliseconds of the longest time.
    pub(super) const LONGEST: usize = LINE.len() + "18446744073709.551".len();

    /// Writes nothing where nothing is told.
    pub(super) fn write(&self, text: &mut BytesMut) {
        let start = text.len();
        match (&self.ids, &self.head) {
            (Some(_), Some(_)) => text.extend_from_slice(LINE),
            (Some(_), None) => text.extend_from_slice(&LINE[..TRACE_ALONE]),
            (None, Some(_)) => text.extend_from_slice(&LINE[HEAD..]),
            (None, None) => {}
        }
        if let Some(ids) = &self.ids
            && let Some(place) = text.get_mut(start + TRACE.len()..).and_then(<[u8]>::first_chunk_mut)
        {
            ids.write_traceparent(place);
        }
        if let Some(head) = self.head {
            write_millis(head, text);
        }
    }
}

/// Whether a line of these headers tells of this span, whatever its flags, and of no more.
#[cold]
pub(super) fn is_told(ids: &TraceIds, headers: &HeaderMap) -> bool {
    headers.get_all(SERVER_TIMING).iter().any(|line| tells(ids, line))
}

fn tells(ids: &TraceIds, line: &HeaderValue) -> bool {
    let own = ids.traceparent();
    let told = line.as_bytes().strip_prefix(TRACE).filter(|told| told.len() == own.len());
    // Up to the flags.
    told.is_some_and(|told| told.get(..FLAGS_AT) == own.get(..FLAGS_AT))
}

/// Milliseconds to the microsecond, rounded down: `0.412`.
fn write_millis(time: Duration, text: &mut BytesMut) {
    let (millis, micros) = millis_and_micros(time);
    let below = if millis < 1_000 { millis } else { write_thousands(millis, text) };
    let ([hundreds, tens, ones], [tenths, hundredths, thousandths]) = (three(below), three(micros));
    let digits = [*hundreds, *tens, *ones, b'.', *tenths, *hundredths, *thousandths, 0];
    // Only a number that begins here has zeros before it.
    let zeros = if millis < 1_000 { u32::from(millis < 100) + u32::from(millis < 10) } else { 0 };
    // All eight at once, of which the last ones are given back: a copy of as many as there are would be a call.
    text.extend_from_slice(&(u64::from_le_bytes(digits) >> (8 * zeros)).to_le_bytes());
    text.truncate(text.len() - 1 - zeros as usize);
}

/// Writes all but the last three digits, and gives the number of these.
#[cold]
fn write_thousands(number: u64, text: &mut BytesMut) -> u64 {
    text.extend_from_slice((number / 1_000).to_string().as_bytes());
    number % 1_000
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const IDS: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

    fn written(ids: Option<&str>, head: Option<Duration>) -> String {
        let ids = ids.map(|ids| TraceIds::parse(ids.as_bytes()).unwrap());
        let mut text = BytesMut::new();
        Timing { ids, head }.write(&mut text);
        String::from_utf8(text.to_vec()).unwrap()
    }

    #[test]
    fn what_there_is_to_tell_is_told_in_one_line() {
        let head = Some(Duration::from_micros(412));
        assert_eq!(written(Some(IDS), head), format!("trace;desc={IDS}, head;dur=0.412"));
        assert_eq!(written(None, head), "head;dur=0.412");
        assert_eq!(written(Some(IDS), None), format!("trace;desc={IDS}"));
        assert_eq!(written(None, None), "");
        assert_eq!(written(Some(IDS), Some(Duration::MAX)).len(), Timing::LONGEST);
    }

    #[test]
    fn milliseconds_are_told_to_the_microsecond() {
        for (nanos, expected) in [
            (0, "0.000"),
            (999, "0.000"),
            (1_000, "0.001"),
            (412_345, "0.412"),
            (9_999_999, "9.999"),
            (10_000_000, "10.000"),
            (99_000_000, "99.000"),
            (100_000_000, "100.000"),
            (999_999_999, "999.999"),
            (61_000_001_000, "61000.001"),
            (7_000_050_000_000, "7000050.000"),
            (u64::MAX, "18446744073709.551"),
        ] {
            assert_eq!(written(None, Some(Duration::from_nanos(nanos))), format!("head;dur={expected}"));
        }
    }

    #[test]
    fn a_trace_that_is_told_already_is_known_by_its_span() {
        let ids = TraceIds::parse(IDS.as_bytes()).unwrap();
        let told = |lines: &[&'static str]| {
            let lines = lines.iter().map(|line| (SERVER_TIMING, HeaderValue::from_static(line)));
            is_told(&ids, &lines.collect())
        };
        let other_flags = "trace;desc=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert!(told(&[other_flags]) && told(&["app", other_flags]));
        // One of the program, or of a callee whose headers it passes on, is not ours.
        let other = "trace;desc=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01";
        assert!(!told(&[]) && !told(&["db;dur=53", "app", other]));
    }
}
