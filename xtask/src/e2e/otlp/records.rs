//! What the shop says of its log records beside those that came.

use std::collections::HashSet;

use super::told::Told;
use crate::e2e::shop::SpanIds;

pub(crate) const DROPPED: &str = "tower_telemetry.otlp.logs.dropped";
const FINISHED: &str = "tower_telemetry.otlp.logs.finished";
const EXPORTED: &str = "tower_telemetry.otlp.logs.exported";

/// Each record that was handed over came or was counted as dropped, and names a span that the shop's own lines name.
pub(crate) fn wrong(told: &Told, logged: &HashSet<SpanIds>) -> Vec<String> {
    let [finished, exported, dropped] = [FINISHED, EXPORTED, DROPPED].map(|name| told.total(name, None));
    let (Some(finished), Some(exported), Some(dropped)) = (finished, exported, dropped) else {
        return vec!["the shop does not tell what became of its log records".to_owned()];
    };
    let unsure = told.total(DROPPED, Some(("reason", "unreachable"))).unwrap_or_default();
    let received = told.records as f64;
    let mut wrong = Vec::new();
    // What is told after the last export of metrics waits for none.
    if exported < 1.0 || exported + dropped != finished {
        wrong.push(format!("{finished} log records, but {exported} were exported and {dropped} dropped"));
    }
    if received < exported || received > exported + unsure {
        wrong.push(format!("{received} log records came, but {exported} were exported ({unsure} perhaps)"));
    }
    let strange: Vec<_> = told.named.difference(logged).collect();
    if !strange.is_empty() {
        wrong.push(format!(
            "{} of {} spans that log records name are on no line, such as {:?}",
            strange.len(),
            told.named.len(),
            strange.first()
        ));
    }
    let missing = logged.difference(&told.named).count();
    if missing as f64 > dropped {
        wrong.push(format!("{missing} spans of lines are on no log record, and {dropped} were dropped"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(finished: u64, exported: u64, dropped: u64, spans: &[&str]) -> Told {
        let mut told = Told::default();
        let numbers = [
            (FINISHED, "", finished),
            (EXPORTED, "", exported),
            (DROPPED, r#""reason": "queue_full""#, dropped),
        ];
        for (name, attributes, value) in numbers {
            assert!(told.add(&format!(
                r#"{{"points": [{{"service": "shop", "name": "{name}", "cumulative": true, "time": 1,
                "attributes": {{{attributes}}}, "value": {value}}}]}}"#
            )));
        }
        for span in spans {
            assert!(told.add(&format!(
                r#"{{"records": [{{"trace": "t", "span": "{span}", "request": "r", "service": "shop", "scope": "a",
                "severity": 9, "body": "b"}}]}}"#
            )));
        }
        told
    }

    fn logged(spans: &[&str]) -> HashSet<SpanIds> {
        spans.iter().map(|span| SpanIds { trace: "t".to_owned(), span: (*span).to_owned() }).collect()
    }

    #[test]
    fn what_came_or_was_dropped_is_right() {
        assert_eq!(wrong(&told(2, 2, 0, &["a", "b"]), &logged(&["a", "b"])), Vec::<String>::new());
        assert_eq!(wrong(&told(3, 2, 1, &["a", "b"]), &logged(&["a", "b", "c"])), Vec::<String>::new());
    }

    #[test]
    fn what_nobody_counted_did_not_come_or_is_of_nobody_is_found() {
        assert_eq!(wrong(&told(3, 2, 0, &["a", "b"]), &logged(&["a", "b"])).len(), 1);
        assert_eq!(wrong(&told(2, 2, 0, &["a"]), &logged(&["a"])).len(), 1);
        assert_eq!(wrong(&told(1, 1, 0, &["a"]), &logged(&["a", "b"])).len(), 1);
        assert_eq!(wrong(&told(2, 2, 0, &["a", "x"]), &logged(&["a"])).len(), 1);
        assert_eq!(wrong(&Told::default(), &logged(&["a"])).len(), 1);
    }
}
