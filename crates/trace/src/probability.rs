//! The probability that a `tracestate` claims for a trace.

use std::sync::Mutex;

use opentelemetry::trace::TraceState as SpanTraceState;
use tower_telemetry_core::TraceState;

use crate::propagation::shown;
use crate::sampling::{Ot, take_back};

/// The entry that OpenTelemetry's samplers write.
const ENTRY: &str = "ot";

/// The last entry of a sampler that a trace without a state was given, with that state as OpenTelemetry holds it.
///
/// Most heads give the same entry to every trace that they keep: it is checked and taken apart once.
#[derive(Debug, Default)]
pub(crate) struct LastClaim(Mutex<Option<(String, SpanTraceState)>>);

impl LastClaim {
    /// The state of this entry alone.
    pub(crate) fn of(&self, entry: String) -> SpanTraceState {
        let make = |entry: &str| shown(&claimed(&TraceState::default(), entry));
        // Whoever comes meanwhile makes one: nothing here waits.
        let Ok(mut last) = self.0.try_lock() else { return make(&entry) };
        match &*last {
            Some((of, state)) if *of == entry => {
                take_back(entry);
                state.clone()
            }
            _ => {
                let state = make(&entry);
                *last = Some((entry, state.clone()));
                state
            }
        }
    }
}

/// The state without a claimed probability; `None` if it claims none.
///
/// For a span that is not sampled, or was kept for another reason than a probability: the claim would
/// have it counted for as many as it does not stand for.
pub(crate) fn unclaimed(state: &TraceState) -> Option<TraceState> {
    Ot::of(state).untold().map(|entry| claimed(state, &entry))
}

/// The state with this entry of a sampler in place of any that stands there; without one, if it is empty.
pub(crate) fn claimed(state: &TraceState, entry: &str) -> TraceState {
    state.with(ENTRY, entry).unwrap_or_else(|_| state.without(ENTRY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(state: &str) -> Option<String> {
        let state = unclaimed(&TraceState::parse(state.as_bytes()).unwrap_or_default())?;
        Some(state.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(","))
    }

    #[test]
    fn a_remembered_entry_is_that_of_the_trace_it_is_asked_for() {
        let last = LastClaim::default();
        for entry in ["th:fd70a", "th:fd70a", "th:c", "th:fd70a", "", "th:c"] {
            let made = shown(&claimed(&TraceState::default(), entry));
            assert_eq!(last.of(entry.into()), made, "{entry:?}");
            assert_eq!(made.get("ot"), Some(entry).filter(|entry| !entry.is_empty()));
        }
    }

    #[test]
    fn only_the_threshold_goes() {
        assert_eq!(
            without("a=1,ot=th:c;rv:00000000000001;x:y,b=2").as_deref(),
            Some("ot=rv:00000000000001;x:y,a=1,b=2")
        );
        assert_eq!(without("ot=th:c").as_deref(), Some(""));
        assert_eq!(without("ot=th:c,b=2").as_deref(), Some("b=2"));
    }

    #[test]
    fn a_state_that_claims_nothing_stays_as_it_is() {
        for state in ["", "a=1", "ot=rv:00000000000001", "ot=x:th", "other=th:c"] {
            assert_eq!(without(state), None, "{state}");
        }
    }
}
