//! What the shop says of its spans beside those that came.

use std::collections::HashSet;

use super::told::Told;
use crate::e2e::shop::SpanIds;

pub(crate) const FINISHED: &str = "tower_telemetry.otlp.spans.finished";
pub(crate) const EXPORTED: &str = "tower_telemetry.otlp.spans.exported";
pub(crate) const DROPPED: &str = "tower_telemetry.otlp.spans.dropped";

/// The shop's own numbers, as the receiver heard them last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans {
    pub(crate) finished: f64,
    pub(crate) exported: f64,
    pub(crate) dropped: f64,
    /// Those that were tried, and of which nobody knows for sure.
    unsure: f64,
}

impl Spans {
    /// `None` before the shop has told all of them.
    pub(crate) fn of(told: &Told) -> Option<Self> {
        Some(Self {
            finished: told.total(FINISHED, None)?,
            exported: told.total(EXPORTED, None)?,
            dropped: told.total(DROPPED, None)?,
            unsure: told.total(DROPPED, Some(("reason", "unreachable")))?,
        })
    }
}

/// Each span that ended came or was counted as dropped, and what the log tells of came unless something was dropped.
pub(crate) fn wrong(told: &Told, logged: &HashSet<SpanIds>) -> Vec<String> {
    let Some(spans) = Spans::of(told) else {
        return vec!["the shop does not tell what became of its spans".to_owned()];
    };
    let Spans { finished, exported, dropped, unsure } = spans;
    let received = told.spans.len() as f64;
    let mut wrong = Vec::new();
    if finished < 1.0 || exported + dropped != finished {
        wrong.push(format!("{finished} spans ended, but {exported} were exported and {dropped} dropped"));
    }
    // An answer that was lost with its connection leaves open whether the spans came.
    if received < exported || received > exported + unsure {
        wrong.push(format!("{received} spans came, but {exported} were exported ({unsure} perhaps)"));
    }
    if logged.is_empty() {
        wrong.push("the shop's log tells of no span".to_owned());
    }
    let missing: Vec<_> = logged.difference(&told.spans).collect();
    if missing.len() as f64 > dropped {
        wrong.push(format!(
            "{} of {} spans did not come, such as {:?}; {dropped} were counted as dropped",
            missing.len(),
            logged.len(),
            missing.first()
        ));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(finished: u64, exported: u64, dropped: u64, spans: &[&str]) -> Told {
        let point = |name: &str, attributes: &str, value: u64| {
            format!(
                r#"{{"service": "shop", "name": "{name}", "cumulative": true, "time": 1,
                "attributes": {{{attributes}}}, "value": {value}}}"#
            )
        };
        let points = [
            point(FINISHED, "", finished),
            point(EXPORTED, "", exported),
            point(DROPPED, r#""reason": "queue_full""#, dropped),
            point(DROPPED, r#""reason": "unreachable""#, 0),
        ];
        let spans: Vec<_> =
            spans.iter().map(|span| format!(r#"{{"trace": "t", "span": "{span}"}}"#)).collect();
        let mut told = Told::default();
        told.add(&format!(r#"{{"points": [{}]}}"#, points.join(", ")));
        told.add(&format!(r#"{{"spans": [{}]}}"#, spans.join(", ")));
        told
    }

    fn logged(spans: &[&str]) -> HashSet<SpanIds> {
        spans.iter().map(|span| SpanIds { trace: "t".to_owned(), span: (*span).to_owned() }).collect()
    }

    #[test]
    fn what_came_or_was_dropped_is_right() {
        assert_eq!(wrong(&told(2, 2, 0, &["a", "b"]), &logged(&["a"])), Vec::<String>::new());
        assert_eq!(wrong(&told(3, 2, 1, &["a", "b"]), &logged(&["a", "c"])), Vec::<String>::new());
    }

    #[test]
    fn a_span_that_nobody_counted_is_found() {
        assert_eq!(wrong(&told(3, 2, 0, &["a", "b"]), &logged(&["a"])).len(), 1);
    }

    #[test]
    fn a_span_that_did_not_come_is_found() {
        assert_eq!(wrong(&told(2, 2, 0, &["a"]), &logged(&["a"])).len(), 1);
        assert_eq!(wrong(&told(2, 2, 0, &["a", "b"]), &logged(&["a", "c"])).len(), 1);
        assert_eq!(wrong(&told(1, 1, 0, &["a"]), &logged(&[])).len(), 1);
        assert_eq!(wrong(&Told::default(), &logged(&["a"])).len(), 1);
    }
}
