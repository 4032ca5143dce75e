//! `server-timing`: the trace, and the time to the head.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::SERVER_TIMING;

use crate::contract::standing::Standing;
use crate::contract::table::insert;
use crate::contract::text::{millis_and_micros, three};

const TRACE: &[u8] = b"trace;desc=";
const HEAD: &[u8] = b"head;dur=";
const BETWEEN: &[u8] = b", ";

/// Where the flags begin in `00-<trace>-<span>-<flags>`.
const FLAGS_AT: usize = 53;

/// Appends what there is to tell, in one line of its own; one allocation for both.
pub(super) fn write(
    ids: Option<&TraceIds>,
    head: Option<Duration>,
    standing: Standing,
    headers: &mut HeaderMap,
) {
    if !standing.timing {
        if let Some(line) = line(ids, head) {
            insert(headers, SERVER_TIMING, line);
        }
        return;
    }
    // The trace window knows best whether the trace is kept, and may have told it.
    let is_told = |ids: &&TraceIds| headers.get_all(SERVER_TIMING).iter().any(|line| tells(ids, line));
    if let Some(line) = line(ids.filter(|ids| !is_told(ids)), head) {
        // A map of headers has room for 32,768; one that is full goes without.
        let _ = headers.try_append(SERVER_TIMING, line);
    }
}

/// Whether this line is one that tells of this span, whatever its flags, and no more.
fn tells(ids: &TraceIds, line: &HeaderValue) -> bool {
    let own = ids.traceparent();
    let told = line.as_bytes().strip_prefix(TRACE).filter(|told| told.len() == own.len());
    // Up to the flags.
    told.is_some_and(|told| told.get(..FLAGS_AT) == own.get(..FLAGS_AT))
}

fn line(ids: Option<&TraceIds>, head: Option<Duration>) -> Option<HeaderValue> {
    let mut text = Text::default();
    if let Some(ids) = ids {
        text.push(TRACE);
        text.push(&ids.traceparent());
    }
    if let Some(head) = head {
        if ids.is_some() {
            text.push(BETWEEN);
        }
        text.push(HEAD);
        text.push_millis(head);
    }
    let text = text.as_bytes();
    if text.is_empty() { None } else { HeaderValue::from_bytes(text).ok() }
}

/// Room for the longest line, with the milliseconds of the longest time.
const LONGEST: usize = TRACE.len() + 55 + BETWEEN.len() + HEAD.len() + "18446744073709.551".len();

struct Text {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Text {
    /// Milliseconds to the microsecond, rounded down: `0.412`.
    fn push_millis(&mut self, time: Duration) {
        let (millis, micros) = millis_and_micros(time);
        self.push_number(millis);
        self.push(b".");
        self.push(three(micros));
    }

    /// Three digits at a time, which stand written.
    fn push_number(&mut self, number: u64) {
        if number >= 1_000 {
            self.push_number(number / 1_000);
            return self.push(three(number % 1_000));
        }
        let zeros = usize::from(number < 100) + usize::from(number < 10);
        self.push(three(number).get(zeros..).unwrap_or_default());
    }

    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.copy_from_slice(bytes);
            self.length = end;
        }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [0; LONGEST], length: 0 }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const IDS: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03";

    fn written(lines: &[&'static str], ids: Option<&str>, head: Option<Duration>) -> Vec<String> {
        let mut headers: HeaderMap =
            lines.iter().map(|line| (SERVER_TIMING, HeaderValue::from_static(line))).collect();
        let ids = ids.map(|ids| TraceIds::parse(ids.as_bytes()).unwrap());
        write(ids.as_ref(), head, Standing::of(&headers), &mut headers);
        headers.get_all(SERVER_TIMING).iter().map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_there_is_to_tell_is_told_in_one_line() {
        let head = Some(Duration::from_micros(412));
        assert_eq!(written(&[], Some(IDS), head), [format!("trace;desc={IDS}, head;dur=0.412")]);
        assert_eq!(written(&[], None, head), ["head;dur=0.412"]);
        assert_eq!(written(&[], Some(IDS), None), [format!("trace;desc={IDS}")]);
        assert!(written(&[], None, None).is_empty());
        let longest = written(&[], Some(IDS), Some(Duration::MAX));
        assert_eq!(longest.first().unwrap().len(), LONGEST);
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
            let written = written(&[], None, Some(Duration::from_nanos(nanos)));
            assert_eq!(written, [format!("head;dur={expected}")]);
        }
    }

    #[test]
    fn what_others_tell_stays_before_it() {
        let head = Some(Duration::from_micros(412));
        assert_eq!(written(&["db;dur=53", "app"], None, head), ["db;dur=53", "app", "head;dur=0.412"]);
    }

    #[test]
    fn a_trace_that_is_told_already_is_not_told_again() {
        let told = "trace;desc=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let head = Some(Duration::from_micros(412));
        assert_eq!(written(&[told], Some(IDS), head), [told, "head;dur=0.412"]);
        assert_eq!(written(&[told], Some(IDS), None), [told]);
        // One of the program, or of a callee whose headers it passes on, is not ours.
        let other = "trace;desc=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01";
        assert_eq!(written(&[other], Some(IDS), None).len(), 2);
    }
}
