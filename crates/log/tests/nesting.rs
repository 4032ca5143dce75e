//! Values that log, or panic, while they are told. Installs a global subscriber: with a scoped one `tracing`
//! itself would drop an event from within an event.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use support::{Captured, Line};
use tower_telemetry_log::{JsonLayer, LostLines};
use tracing::{info, info_span};
use tracing_subscriber::prelude::*;

/// Logs while it is formatted, within the same spans.
struct Talkative(&'static str);

impl fmt::Debug for Talkative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        info!(within = self.0, "nested");
        f.write_str(self.0)
    }
}

/// Logs itself while it is formatted, for ever.
struct Endless;

impl fmt::Debug for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        info!(again = ?Endless, "deeper");
        f.write_str("endless")
    }
}

struct Faulty;

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half")?;
        panic!("faulty")
    }
}

/// Runs one scenario at a time: its lines, and how many were lost.
fn told(work: impl FnOnce()) -> (Vec<Line>, u64) {
    static INSTALLED: OnceLock<(Captured, LostLines)> = OnceLock::new();
    static TURN: Mutex<()> = Mutex::new(());
    let (captured, lost) = INSTALLED.get_or_init(|| {
        let captured = Captured::default();
        let layer = JsonLayer::new(captured.clone());
        let lost = layer.lost_lines();
        tracing_subscriber::registry().with(layer).init();
        (captured, lost)
    });
    // A scenario that failed gives the turn on: the next must not wait for it, nor fail for it.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let _left_behind = captured.texts();
    let before = lost.count();
    work();
    (captured.lines(), lost.count() - before)
}

#[test]
fn an_event_from_within_a_value_of_an_event_is_told() {
    let (lines, lost) = told(|| {
        let _span = info_span!("span", a = 1).entered();
        info!(before = 0, value = ?Talkative("event"), after = 2, "outer");
    });
    assert_eq!(lost, 0);
    assert_eq!(lines[0].own_keys(), ["message", "a", "within"]);
    assert_eq!(lines[1].own_keys(), ["message", "a", "before", "value", "after"]);
    assert_eq!(lines[1].json("value"), "\"event\"");
}

#[test]
fn an_event_from_within_a_value_of_a_span_is_told() {
    let (lines, _) = told(|| {
        let _outer = info_span!("outer", a = 1).entered();
        let span = info_span!("span", value = ?Talkative("new"), late = tracing::field::Empty).entered();
        // The nested event reads the fields of the span that is being written.
        span.record("late", tracing::field::debug(Talkative("record")));
        info!("told");
    });
    assert_eq!(
        lines.iter().map(|line| line.json("within")).collect::<Vec<_>>(),
        ["\"new\"", "\"record\"", ""]
    );
    assert_eq!(lines[1].own_keys(), ["message", "a", "value", "within"]);
    assert_eq!(lines[2].own_keys(), ["message", "a", "value", "late"]);
}

#[test]
fn a_value_that_logs_itself_comes_to_an_end() {
    let (lines, lost) = told(|| info!(first = ?Endless, "top"));
    assert_eq!((lines.len(), lost), (4, 1));
    assert_eq!(lines[3].json("first"), "\"endless\"");
}

#[test]
fn a_value_that_panics_disturbs_nothing() {
    let (lines, lost) = told(|| {
        let span = info_span!("span", a = ?Faulty, late = tracing::field::Empty).entered();
        span.record("late", tracing::field::debug(Faulty));
        info!(before = 0, value = ?Faulty, after = 1, "told");
        drop(span);
        info!("{:?}", Faulty);
        info!("fine");
    });
    assert_eq!((lines.len(), lost), (3, 0));
    assert_eq!(lines[0].own_keys(), ["message", "a", "late", "before", "value", "after"]);
    for key in ["a", "late", "value"] {
        assert_eq!(lines[0].json(key), "\"half<panicked>\"");
    }
    assert_eq!(lines[1].json("message"), "\"half<panicked>\"");
    assert_eq!(lines[2].json("message"), "\"fine\"");
}
