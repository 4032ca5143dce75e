//! The lines beside the truth: right, wrong, missing, by the place where they were written.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use super::{
    line::{Headers, Kind, Line},
    place::{Attempts, Number, Place},
    truth::{Call, Truth},
};
use crate::e2e::processes::{Accounts, Sampling, Stored};

const EXCHANGE: &str = "access line";
const OUTGOING: &str = "outgoing call";

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Figures {
    places: BTreeMap<&'static str, Counts>,
    /// Calls of which nobody else knew the trace, or the request: their lines agree with each other.
    among_themselves: u64,
    /// Lines that belong to no exchange, and say so.
    outside: u64,
    /// The first of each kind that is wrong.
    wrong: BTreeMap<&'static str, String>,
}

#[derive(Debug, Default)]
struct Counts {
    sampled: u64,
    unsampled: u64,
    wrong: u64,
    missing: u64,
}

/// What a line turned out to be.
enum Found {
    Right(Sampled),
    Wrong(String),
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sampled {
    Yes,
    No,
}

/// The ids of a line that has them all.
struct Ids<'a> {
    trace: &'a str,
    span: &'a str,
    request: Option<&'a str>,
}

/// One look at all lines.
struct Look<'a> {
    truth: Truth<'a>,
    stored: &'a Stored,
    sampling: Sampling,
    /// Of calls whose trace, or whose request, nobody else knows: what the first of their lines says.
    said: HashMap<u64, (&'a str, &'a str)>,
}

impl Figures {
    pub(super) fn of(accounts: &Accounts, stored: &Stored, sampling: Sampling) -> Self {
        let mut look = Look { truth: Truth::of(accounts, stored), stored, sampling, said: HashMap::new() };
        let mut figures = Self::default();
        for (service, account) in accounts {
            for line in &account.lines {
                figures.add(&mut look, service, line);
            }
        }
        figures.among_themselves = look.said.len() as u64;
        if let Some(contradiction) = look.truth.contradictions().into_iter().next() {
            figures.wrong.insert("truth", contradiction);
        }
        figures
    }

    fn add<'a>(&mut self, look: &mut Look<'a>, service: &str, line: &'a Line) {
        let has_ids = line.trace.is_some() || line.span.is_some() || line.request.is_some();
        let (place, found) = match &line.kind {
            Kind::Work(place) => (place.name, look.work(place, service, line)),
            Kind::Exchange => (EXCHANGE, look.exchange(service, line)),
            // Below a layer; without one there is no exchange that it could be a line of.
            Kind::Wire(headers) if has_ids => (OUTGOING, look.wire(headers, service, line)),
            Kind::Outside | Kind::Wire(_) if !has_ids => {
                self.outside += 1;
                return;
            }
            Kind::Outside | Kind::Wire(_) => ("outside", Found::Wrong("ids from nowhere".to_owned())),
            Kind::Unknown(text) => ("unknown", Found::Wrong(format!("unknown line {text}"))),
        };
        let counts = self.places.entry(place).or_default();
        let told = match found {
            Found::Right(Sampled::Yes) => return counts.sampled += 1,
            Found::Right(Sampled::No) => return counts.unsampled += 1,
            Found::Wrong(why) => {
                counts.wrong += 1;
                why
            }
            Found::Missing => {
                counts.missing += 1;
                "ids are missing".to_owned()
            }
        };
        self.wrong.entry(place).or_insert_with(|| format!("{place}: {told}: {line:?}"));
    }

    /// What is not as it should be, as sentences.
    pub(super) fn wrong(&self, sampling: Sampling) -> Vec<String> {
        let mut wrong: Vec<_> = self.wrong.values().cloned().collect();
        for place in Place::ALL.iter().map(|place| place.name).chain([EXCHANGE]) {
            let counts = self.places.get(place);
            if counts.is_none_or(|counts| counts.sampled + counts.unsampled == 0) {
                wrong.push(format!("{place}: no line is right"));
            }
        }
        let unsampled: u64 = self.places.values().map(|counts| counts.unsampled).sum();
        if sampling == Sampling::Production && unsampled == 0 {
            wrong.push("every line is of a trace that was kept".to_owned());
        }
        wrong
    }
}

impl<'a> Look<'a> {
    fn work(&mut self, place: &Place, service: &str, line: &'a Line) -> Found {
        let Some(ids) = ids(line, service) else { return Found::Missing };
        let Number::OfOne = place.number else { return self.batch(place, &ids, service) };
        let (Some(visit), Some(request)) = (line.visit, ids.request) else { return Found::Missing };
        let Some(call) = self.truth.call(visit) else {
            return Found::Wrong("nobody has heard of the call".to_owned());
        };
        let (mut trace, mut id) = (call.traces.first().copied(), call.requests.first().copied());
        if trace.is_none() || id.is_none() {
            let (first_trace, first_id) = *self.said.entry(visit).or_insert((ids.trace, request));
            (trace, id) = (trace.or(Some(first_trace)), id.or(Some(first_id)));
        }
        if (trace, id) != (Some(ids.trace), Some(request)) {
            return Found::Wrong(format!("the trace is {trace:?}, the request {id:?}"));
        }
        if let Some(wrong) = self.span(place, call, &ids, service) {
            return Found::Wrong(wrong);
        }
        Found::Right(if call.is_sampled() { Sampled::Yes } else { Sampled::No })
    }

    /// What is wrong with the span of a line.
    fn span(&self, place: &Place, call: &Call<'_>, ids: &Ids<'_>, service: &str) -> Option<String> {
        let spans = call.spans(place.span, service);
        let is_stranger = self.stored.has(ids.trace, ids.span) && !call.has(ids.span);
        let is_right = match (spans.is_empty(), self.sampling) {
            _ if spans.iter().any(|span| span.span == ids.span) => true,
            // Where the span itself was not kept, it is none of another's.
            (true, Sampling::Production) => !is_stranger,
            (false, Sampling::Production) if place.attempts == Attempts::Several => !is_stranger,
            _ => false,
        };
        (!is_right).then(|| format!("the span is one of {spans:?}"))
    }

    fn batch(&self, place: &Place, ids: &Ids<'_>, service: &str) -> Found {
        let mut spans = self.stored.of(ids.trace).iter();
        let is_stored =
            spans.any(|span| span.span == ids.span && span.name == place.span && span.service == service);
        match (is_stored, self.sampling) {
            (true, _) => Found::Right(Sampled::Yes),
            (false, Sampling::Production) if self.stored.of(ids.trace).is_empty() => {
                Found::Right(Sampled::No)
            }
            (false, _) => Found::Wrong(format!("there is no such span {:?}", place.span)),
        }
    }

    /// An access line: the span of an exchange, with the id of its request.
    fn exchange(&self, service: &str, line: &Line) -> Found {
        let Some(ids) = ids(line, service) else { return Found::Missing };
        let Some(request) = ids.request else { return Found::Missing };
        let known = self.truth.requests(ids.trace);
        if known.is_some_and(|known| !known.is_empty() && !known.contains(request)) {
            return Found::Wrong(format!("the request is {known:?}"));
        }
        let mut spans = self.stored.of(ids.trace).iter();
        match (spans.find(|span| span.span == ids.span), self.sampling) {
            (Some(span), _) if span.service != service => {
                Found::Wrong(format!("the span is of {}", span.service))
            }
            (Some(_), _) => Found::Right(Sampled::Yes),
            (None, Sampling::Full) => Found::Wrong("the span was not exported".to_owned()),
            (None, Sampling::Production) => Found::Right(Sampled::No),
        }
    }

    /// A line below the layer of a client: its ids are those that the call goes with.
    fn wire(&self, headers: &Headers, service: &str, line: &Line) -> Found {
        let Some(ids) = ids(line, service) else { return Found::Missing };
        let is = |told: &Option<String>, own| told.as_deref().is_none_or(|told| Some(told) == own);
        if is(&headers.trace, Some(ids.trace))
            && is(&headers.span, Some(ids.span))
            && is(&headers.request, ids.request)
        {
            let is_stored = self.stored.has(ids.trace, ids.span);
            return Found::Right(if is_stored { Sampled::Yes } else { Sampled::No });
        }
        Found::Wrong("the headers tell others".to_owned())
    }
}

/// The ids of a line of this service, where none is missing. Only a batch has no request id.
fn ids<'a>(line: &'a Line, service: &str) -> Option<Ids<'a>> {
    let is_own = line.service.as_deref() == Some(service);
    let (trace, span) = (line.trace.as_deref()?, line.span.as_deref()?);
    is_own.then_some(Ids { trace, span, request: line.request.as_deref() })
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { places, among_themselves, outside, wrong: _ } = self;
        writeln!(f, "{:34} {:>8} {:>9} {:>6} {:>8}", "lines of", "sampled", "unsampled", "wrong", "missing")?;
        let mut all = Counts::default();
        let mut row = |name: &str, counts: &Counts| {
            let Counts { sampled, unsampled, wrong, missing } = counts;
            writeln!(f, "{name:34} {sampled:8} {unsampled:9} {wrong:6} {missing:8}")
        };
        for (place, counts) in places {
            row(place, counts)?;
            all.sampled += counts.sampled;
            all.unsampled += counts.unsampled;
            all.wrong += counts.wrong;
            all.missing += counts.missing;
        }
        row("all", &all)?;
        write!(
            f,
            "calls of which only their lines know the trace or the request: {among_themselves}; lines outside of exchanges: {outside}"
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::e2e::processes::Account;

    /// An order (call 7) whose caller told its ids, and what the gateway and shipping wrote for it.
    fn lines() -> Vec<(&'static str, Value)> {
        let line = |service: &'static str, target: &str, message: &str, span: &str| {
            let line = json!({
                "target": target, "message": message, "visit": 7, "trace_id": "t", "span_id": span,
                "request_id": "r", "service.name": service,
            });
            (service, line)
        };
        let mut sent = line("shop-traffic", "shop::traffic::wire", "sent", "c");
        sent.1["sent_traceparent"] = json!("00-t-c-00");
        sent.1["sent_request_id"] = json!("r");
        vec![
            sent,
            line("shop-gateway", "shop::gateway::orders", "order taken", "g"),
            line("shop-gateway", "tower_telemetry::access", "exchange ended", "g"),
            line("shop-shipping", "shop::shipping::dock", "order shipped", "w"),
        ]
    }

    fn spans() -> Vec<Value> {
        let span = |id: &str, service: &str, kind: &str, name: &str| {
            json!({
                "trace": "t", "span": id, "parent": "", "service": service, "name": name, "links": [],
                "kind": format!("SPAN_KIND_{kind}"), "nanos": 1, "request": "r", "visit": "7",
            })
        };
        vec![
            span("c", "shop-traffic", "CLIENT", "POST /orders"),
            span("g", "shop-gateway", "SERVER", "POST /orders"),
            span("w", "shop-shipping", "INTERNAL", "ship order"),
        ]
    }

    /// Right, wrong and missing.
    fn counts(lines: &[(&'static str, Value)], spans: &[Value], sampling: Sampling) -> [u64; 3] {
        let mut accounts = Accounts::new();
        for (service, line) in lines {
            accounts.entry(service).or_insert_with(Account::default).add(line);
        }
        let mut stored = Stored::default();
        stored.add(&json!({ "spans": spans }));
        let figures = Figures::of(&accounts, &stored, sampling);
        figures.places.values().fold([0, 0, 0], |[right, wrong, missing], counts| {
            [right + counts.sampled + counts.unsampled, wrong + counts.wrong, missing + counts.missing]
        })
    }

    #[test]
    fn lines_with_their_own_ids_are_right_stored_or_not() {
        assert_eq!(counts(&lines(), &spans(), Sampling::Full), [4, 0, 0]);
        assert_eq!(counts(&lines(), &[], Sampling::Production), [4, 0, 0]);
        assert_eq!(counts(&lines(), &[], Sampling::Full), [1, 3, 0], "the wire tells of itself");
    }

    #[test]
    fn another_id_is_wrong_and_none_is_missing() {
        for (key, right) in [("trace_id", 3), ("span_id", 3), ("request_id", 3), ("service.name", 3)] {
            for at in 1..4 {
                let mut lines = lines();
                lines[at].1[key] = json!("x");
                let [right_ones, wrong, missing] = counts(&lines, &spans(), Sampling::Full);
                assert_eq!((right_ones, wrong + missing), (right, 1), "{key} of line {at}");
                lines[at].1.as_object_mut().unwrap().remove(key);
                assert_eq!(counts(&lines, &spans(), Sampling::Full), [right, 0, 1], "{key} of line {at}");
            }
        }
    }

    #[test]
    fn the_ids_of_another_call_and_the_span_of_another_place_are_wrong() {
        let mut lines = lines();
        lines[3].1["span_id"] = json!("g");
        assert_eq!(counts(&lines, &spans(), Sampling::Full), [3, 1, 0]);
        let mut other: Vec<_> = self::lines();
        let mut spans = spans();
        for line in &mut other {
            line.1["visit"] = json!(8);
            line.1["trace_id"] = json!("t8");
        }
        other[0].1["sent_traceparent"] = json!("00-t8-c-00");
        for span in self::spans() {
            let mut span = span.clone();
            (span["visit"], span["trace"]) = (json!("8"), json!("t8"));
            spans.push(span);
        }
        let mut both = self::lines();
        both.append(&mut other);
        assert_eq!(counts(&both, &spans, Sampling::Full), [8, 0, 0]);
        both[1].1["visit"] = json!(8);
        assert_eq!(counts(&both, &spans, Sampling::Full), [7, 1, 0]);
    }

    #[test]
    fn what_nobody_knows_has_to_agree() {
        let mut lines: Vec<_> = lines().into_iter().skip(1).collect();
        let wire = json!({
            "target": "shop::traffic::wire", "message": "sent", "visit": 7, "service.name": "shop-traffic",
        });
        lines.push(("shop-traffic", wire));
        assert_eq!(counts(&lines, &[], Sampling::Production), [3, 0, 0]);
        lines[2].1["trace_id"] = json!("other");
        assert_eq!(counts(&lines, &[], Sampling::Production), [2, 1, 0]);
    }
}
