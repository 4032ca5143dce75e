//! A line beside the truth.

use std::collections::HashMap;

use super::{
    line::{Headers, Line},
    place::{Attempts, Number, Place},
    truth::{Call, Truth},
};
use crate::e2e::processes::{Accounts, Sampling, Stored};

/// What a line turned out to be.
pub(super) enum Found {
    Right(Sampled),
    Wrong(String),
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sampled {
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
pub(super) struct Look<'a> {
    truth: Truth<'a>,
    stored: &'a Stored,
    sampling: Sampling,
    /// Of calls whose trace, or whose request, nobody else knows: what the first of their lines says.
    said: HashMap<u64, (&'a str, &'a str)>,
}

impl<'a> Look<'a> {
    pub(super) fn at(accounts: &'a Accounts, stored: &'a Stored, sampling: Sampling) -> Self {
        Self { truth: Truth::of(accounts, stored), stored, sampling, said: HashMap::new() }
    }

    /// Something that cannot be, whatever the lines say.
    pub(super) fn contradiction(&self) -> Option<String> {
        self.truth.contradictions().into_iter().next()
    }

    /// How many calls there are of which their lines had to agree among themselves.
    pub(super) fn known_to_their_lines_alone(&self) -> u64 {
        self.said.len() as u64
    }

    pub(super) fn work(&mut self, place: &Place, service: &str, line: &'a Line) -> Found {
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
    pub(super) fn exchange(&self, service: &str, line: &Line) -> Found {
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
    pub(super) fn wire(&self, headers: &Headers, service: &str, line: &Line) -> Found {
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
