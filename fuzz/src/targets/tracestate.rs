//! `tracestate`: members are kept whole, in order, once each, and within the limits.

use std::collections::HashSet;

use tower_telemetry_core::TraceState;
use tower_telemetry_core::names::header::TRACESTATE;

use super::input;

pub(crate) fn run(data: &[u8]) {
    let headers = input::headers(&TRACESTATE, data);
    let Ok(state) = TraceState::from_headers(&headers) else { return };
    let members: Vec<_> = state.iter().collect();
    assert!(members.len() <= 32);
    assert_eq!(members.is_empty(), state.is_empty());
    assert_eq!(
        members.iter().map(|(key, _)| key).collect::<HashSet<_>>().len(),
        members.len(),
        "a key twice"
    );
    for (key, value) in &members {
        assert!((1..=256).contains(&key.len()) && (1..=256).contains(&value.len()), "{key}={value}");
        assert!(!value.contains([',', '=']) && !value.ends_with(' '), "{value:?}");
        assert_eq!(state.get(key), Some(*value));
    }

    let joined = members.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",");
    assert_eq!(TraceState::parse(joined.as_bytes()), Ok(state.clone()));
    if let Some(sent) = state.to_header_value() {
        assert!(!sent.is_empty() && sent.len() <= 512);
        let kept = TraceState::parse(sent.as_bytes()).unwrap();
        let mut all = members.iter();
        assert!(kept.iter().all(|member| all.any(|other| *other == member)), "a member was changed");
    }

    let with = state.with("fuzz", "1").unwrap();
    assert_eq!(with.iter().next(), Some(("fuzz", "1")));
    assert!(with.iter().count() <= 32);
    assert_eq!(with.without("fuzz").get("fuzz"), None);
    assert!(state.only(|_| false).is_empty());
}
