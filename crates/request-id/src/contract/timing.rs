//! `server-timing`: the trace, and the time to the head.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::SERVER_TIMING;

use crate::contract::text::{millis_and_micros, three};

const TRACE: &[u8] = b"trace;desc=";

/// The line of both, with room for the ids and for the longest time.
const LINE: &[u8; LONGEST] =
    b"trace;desc=00-                                -                -  , head;dur=                  ";
const LONGEST: usize = TIME + "18446744073709.551".len();
/// Where what tells the trace ends.
const TRACE_ALONE: usize = TRACE.len() + 55;
/// Where what tells the time to the head begins.
const HEAD: usize = TRACE_ALONE + ", ".len();
/// Where that time stands.
const TIME: usize = HEAD + "head;dur=".len();

/// Where the flags begin in `00-<trace>-<span>-<flags>`.
const FLAGS_AT: usize = 53;

/// What is told, in one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    pub(super) ids: Option<TraceIds>,
    pub(super) head: Option<Duration>,
}

/// The line, on the stack.
pub(super) struct Line {
    text: [u8; LONGEST],
    start: usize,
    end: usize,
}

impl Line {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self { text: *LINE, start: HEAD, end: HEAD }
    }

    /// Writes what there is to tell, where it stays: what has just been written in pieces is not moved at once.
    pub(super) fn write(&mut self, Timing { ids, head }: &Timing) {
        if let Some(ids) = ids
            && let Some(place) = self.text.get_mut(TRACE.len()..).and_then(<[u8]>::first_chunk_mut)
        {
            ids.write_traceparent(place);
            (self.start, self.end) = (0, TRACE_ALONE);
        }
        if let Some(head) = head {
            self.end = TIME;
            self.push_millis(*head);
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Milliseconds to the microsecond, rounded down: `0.412`.
    fn push_millis(&mut self, time: Duration) {
        let (millis, micros) = millis_and_micros(time);
        let [tenths, hundredths, thousandths] = *three(micros);
        if millis >= 1_000 {
            self.push_thousands(millis);
            return self.push([b'.', tenths, hundredths, thousandths], 4);
        }
        let [hundreds, tens, ones] = *three(millis);
        let digits = [hundreds, tens, ones, b'.', tenths, hundredths, thousandths, b' '];
        let zeros = u32::from(millis < 100) + u32::from(millis < 10);
        // In one word, however many there are: a copy of a few bytes would be a call.
        let digits = u64::from_le_bytes(digits) >> (8 * zeros);
        self.push(digits.to_le_bytes(), 7 - zeros as usize);
    }

    /// Three digits at a time, which stand written.
    #[cold]
    fn push_thousands(&mut self, number: u64) {
        if number < 1_000 {
            let zeros = usize::from(number < 100) + usize::from(number < 10);
            let digits = three(number).get(zeros..).unwrap_or_default();
            return digits.iter().for_each(|digit| self.push([*digit], 1));
        }
        self.push_thousands(number / 1_000);
        self.push(*three(number % 1_000), 3);
    }

    /// Of these bytes, so many are kept.
    #[inline]
    fn push<const N: usize>(&mut self, bytes: [u8; N], kept: usize) {
        if let Some(place) = self.text.get_mut(self.end..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes;
            self.end += kept;
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const IDS: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

    fn written(ids: Option<&str>, head: Option<Duration>) -> String {
        let ids = ids.map(|ids| TraceIds::parse(ids.as_bytes()).unwrap());
        let mut line = Line::new();
        line.write(&Timing { ids, head });
        String::from_utf8(line.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn what_there_is_to_tell_is_told_in_one_line() {
        let head = Some(Duration::from_micros(412));
        assert_eq!(written(Some(IDS), head), format!("trace;desc={IDS}, head;dur=0.412"));
        assert_eq!(written(None, head), "head;dur=0.412");
        assert_eq!(written(Some(IDS), None), format!("trace;desc={IDS}"));
        assert_eq!(written(None, None), "");
        assert_eq!(written(Some(IDS), Some(Duration::MAX)).len(), LONGEST);
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
