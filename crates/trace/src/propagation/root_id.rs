//! `x-trace-id`: a trace that a caller without `traceparent` has a name for.

use http::HeaderMap;
use tower_telemetry_core::names::header::{TRACEPARENT, X_TRACE_ID};
use tower_telemetry_core::trace_ids::TraceId;

use crate::propagation::refusals::Tally;
use crate::propagation::told::once;

/// The id of the trace that is to begin here, if the caller names it: 32 digits, as in a `traceparent`.
///
/// `told` is the trace that the caller is in by what else it sent. Beside one, and beside a `traceparent` that could not
/// be read, the name is none; it is counted where it disagrees or is malformed.
pub(super) fn of(headers: &HeaderMap, told: Option<TraceId>, tally: &Tally) -> Option<TraceId> {
    let named = match once(headers, &X_TRACE_ID) {
        Ok(None) => return None,
        Ok(Some(digits)) => TraceId::from_hex(digits),
        Err(_malformed) => None,
    };
    let is_other = named.is_none() || told.is_some_and(|told| named != Some(told));
    if is_other {
        tally.trace_id();
        return None;
    }
    named.filter(|_| told.is_none() && !headers.contains_key(TRACEPARENT))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const OTHER: &str = "4bf92f3577b34da6a3ce929d0e0e4737";

    /// The trace that begins by these lines, and how many of them were counted.
    fn begun(lines: &[&'static [u8]], told: Option<&str>) -> (Option<String>, u64) {
        let values = lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok());
        let headers = values.map(|value| (X_TRACE_ID, value)).collect();
        let tally = Tally::default();
        let told = told.and_then(|told| TraceId::from_hex(told.as_bytes()));
        let id = of(&headers, told, &tally);
        (id.map(|id| id.to_string()), tally.read().trace_ids)
    }

    #[test]
    fn a_trace_begins_with_the_name_that_it_has() {
        assert_eq!(begun(&[ID.as_bytes()], None), (Some(ID.to_owned()), 0));
        assert_eq!(begun(&[], None), (None, 0));
    }

    #[test]
    fn a_name_beside_a_trace_is_none_and_counted_if_it_disagrees() {
        assert_eq!(begun(&[ID.as_bytes()], Some(ID)), (None, 0));
        assert_eq!(begun(&[ID.as_bytes()], Some(OTHER)), (None, 1));
    }

    #[test]
    fn a_malformed_name_is_none_and_counted() {
        let lines: [&[&'static [u8]]; 7] = [
            &[b""],
            &[b"evil"],
            &[b"00000000000000000000000000000000"],
            &[b"4BF92F3577B34DA6A3CE929D0E0E4736"],
            &[b"4bf92f3577b34da6a3ce929d0e0e47361"],
            &[b"4bf92f3577b34da6a3ce929d0e0e47\xff\xff"],
            &[ID.as_bytes(), ID.as_bytes()],
        ];
        for lines in lines {
            assert_eq!(begun(lines, None), (None, 1), "{lines:?}");
        }
    }

    #[test]
    fn beside_a_traceparent_that_cannot_be_read_a_trace_begins_without_a_name() {
        let mut headers = HeaderMap::from_iter([(X_TRACE_ID, HeaderValue::from_static(ID))]);
        headers.insert(TRACEPARENT, HeaderValue::from_static("evil"));
        assert_eq!(of(&headers, None, &Tally::default()), None);
    }
}
