//! A log line, as far as its ids are concerned.

use serde_json::Value;

use super::place::Place;

/// What a line says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::e2e) struct Line {
    pub(super) kind: Kind,
    /// The number of the call that it was written for.
    pub(super) visit: Option<u64>,
    pub(super) trace: Option<String>,
    pub(super) span: Option<String>,
    pub(super) request: Option<String>,
    pub(super) service: Option<String>,
}

/// Who wrote it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// The shop, at its work.
    Work(&'static Place),
    /// The shop, before its work or beside it.
    Outside,
    /// The layer, when an exchange was over.
    Exchange,
    /// The traffic, of the headers of a call or of its answer.
    Wire(Headers),
    /// Somebody else.
    Unknown(String),
}

/// The ids that headers tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) trace: Option<String>,
    /// The span of the caller; an answer's is its server's, and not kept.
    pub(super) span: Option<String>,
    pub(super) request: Option<String>,
}

impl Line {
    pub(in crate::e2e) fn read(line: &Value) -> Option<Self> {
        let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
        let (message, target) = (text("message").unwrap_or_default(), text("target")?);
        Some(Self {
            kind: kind(&message, &target, line),
            visit: line.get("visit").and_then(Value::as_u64),
            trace: text("trace_id"),
            span: text("span_id"),
            request: text("request_id"),
            service: text("service.name"),
        })
    }
}

fn kind(message: &str, target: &str, line: &Value) -> Kind {
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    let outside = ["open", "telemetry is set up", "nobody listens on ", "found `"];
    match (target, message) {
        ("tower_telemetry::access" | "tower_telemetry::exception", _) => Kind::Exchange,
        ("shop::traffic::wire", "sent") => {
            let mut ids = text("sent_traceparent").unwrap_or_default().split('-').skip(1);
            Kind::Wire(Headers {
                trace: ids.next().map(str::to_owned),
                span: ids.next().map(str::to_owned),
                request: text("sent_request_id").map(str::to_owned),
            })
        }
        ("shop::traffic::wire", "answered") => {
            let timing = text("got_server_timing").and_then(|timing| timing.split("trace;desc=").nth(1));
            let trace = timing.and_then(|ids| ids.trim_matches('"').split('-').nth(1));
            Kind::Wire(Headers {
                trace: trace.map(str::to_owned),
                span: None,
                request: text("got_request_id").map(str::to_owned),
            })
        }
        _ => match Place::of(message) {
            Some(place) => Kind::Work(place),
            None if outside.iter().any(|known| message.starts_with(known)) => Kind::Outside,
            None => Kind::Unknown(format!("{target}: {message}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(line: Value) -> Option<Kind> {
        Line::read(&line).map(|line| line.kind)
    }

    #[test]
    fn a_line_is_known_by_who_wrote_it() {
        let headers = Headers { trace: Some("a".into()), span: Some("b".into()), request: Some("r".into()) };
        let wire = "shop::traffic::wire";
        let sent = json!({ "target": wire, "message": "sent", "sent_traceparent": "00-a-b-01", "sent_request_id": "r" });
        assert_eq!(kind(sent), Some(Kind::Wire(headers.clone())));
        let got = json!({
            "target": wire, "message": "answered", "got_server_timing": "db;dur=1, trace;desc=\"00-a-c-01\"",
            "got_request_id": "r",
        });
        assert_eq!(kind(got), Some(Kind::Wire(Headers { span: None, ..headers })));
        let access = json!({ "target": "tower_telemetry::access", "message": "exchange ended" });
        assert_eq!(kind(access), Some(Kind::Exchange));
        let work = kind(json!({ "target": "shop::gateway::orders", "message": "order taken" }));
        assert!(matches!(work, Some(Kind::Work(place)) if place.name == "handler"));
        let open = json!({ "target": "shop", "message": "open" });
        assert_eq!(kind(open), Some(Kind::Outside));
        let strange = json!({ "target": "shop", "message": "tea?" });
        assert_eq!(kind(strange), Some(Kind::Unknown("shop: tea?".into())));
    }
}
