//! The lines beside the truth: right, wrong, missing, by the place where they were written.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use super::{
    line::{Headers, Kind, Line},
    place::{Number, Place},
    truth::{Call, Truth},
};
use crate::e2e::processes::{Accounts, Sampling, Stored};

const EXCHANGE: &str = "access line";
const OUTGOING: &str = "outgoing call";

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Figures {
    places: BTreeMap<&'static str, Counts>,
    /// Right lines whose trace nobody else knew of: they agree with each other.
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
    /// Of calls whose trace nobody else knows: what the first of their lines says.
    said: HashMap<u64, &'a str>,
}

impl Figures {
    pub(super) fn of(accounts: &Accounts, stored: &Stored, sampling: Sampling) -> Self {
        let mut look =
            Look { truth: Truth::of(accounts, stored), stored, sampling, said: HashMap::new() };
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
        let trace = match call.traces.first() {
            Some(trace) => trace,
            None => *self.said.entry(visit).or_insert(ids.trace),
        };
        if trace != ids.trace {
            return Found::Wrong(format!("the trace is {trace}"));
        }
        if !call.requests.contains(request) {
            return Found::Wrong(format!("the request is {:?}", call.requests));
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
            (false, _) => spans.iter().any(|span| span.span == ids.span),
            (true, Sampling::Full) => false,
            // Where the span itself was not kept, it is none of another's.
            (true, Sampling::Production) => !is_stranger,
        };
        (!is_right).then(|| format!("the span is one of {spans:?}"))
    }

    fn batch(&self, place: &Place, ids: &Ids<'_>, service: &str) -> Found {
        let mut spans = self.stored.of(ids.trace).iter();
        let is_stored =
            spans.any(|span| span.span == ids.span && span.name == place.span && span.service == service);
        match (is_stored, self.sampling) {
            (true, _) => Found::Right(Sampled::Yes),
            (false, Sampling::Production) if self.stored.of(ids.trace).is_empty() => Found::Right(Sampled::No),
            (false, _) => Found::Wrong(format!("there is no such span {:?}", place.span)),
        }
    }

    /// An access line: the span of an exchange, with the id of its request.
    fn exchange(&self, service: &str, line: &Line) -> Found {
        let Some(ids) = ids(line, service) else { return Found::Missing };
        let Some(request) = ids.request else { return Found::Missing };
        let known = self.truth.requests(ids.trace);
        if known.is_some_and(|known| !known.contains(request)) {
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
            "calls whose trace only their lines know: {among_themselves}; lines outside of exchanges: {outside}"
        )
    }
}
