//! The probability that a `tracestate` claims for a trace.

use tower_telemetry_core::TraceState;

/// The entry that OpenTelemetry's samplers write, and its threshold.
const ENTRY: &str = "ot";
const THRESHOLD: &str = "th:";

/// The state without a claimed probability; `None` if it claims none.
///
/// For a span that is not sampled, or was kept for another reason than a probability: the claim would
/// have it counted for as many as it does not stand for.
pub(crate) fn unclaimed(state: &TraceState) -> Option<TraceState> {
    let entry = state.get(ENTRY)?;
    if !entry.split(';').any(|part| part.starts_with(THRESHOLD)) {
        return None;
    }
    let rest: Vec<_> = entry.split(';').filter(|part| !part.starts_with(THRESHOLD)).collect();
    let mut members: Vec<String> = Vec::new();
    if !rest.is_empty() {
        members.push(format!("{ENTRY}={}", rest.join(";")));
    }
    let others = state.iter().filter(|(key, _)| *key != ENTRY);
    members.extend(others.map(|(key, value)| format!("{key}={value}")));
    // Members of a valid state are valid.
    Some(TraceState::parse(members.join(",").as_bytes()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(state: &str) -> Option<String> {
        let state = unclaimed(&TraceState::parse(state.as_bytes()).unwrap_or_default())?;
        Some(state.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(","))
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
