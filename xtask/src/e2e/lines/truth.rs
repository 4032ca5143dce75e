//! What the ids of a call are, as those know who wrote none of its lines.

use std::collections::{BTreeSet, HashMap};

use super::line::{Kind, Line};
use crate::e2e::processes::{Accounts, Span, SpanKind, Stored};

/// What is known, by the number of the call and by its trace.
#[derive(Debug, Default)]
pub(super) struct Truth<'a> {
    visits: HashMap<u64, Call<'a>>,
    /// The request ids that went over the wire, by trace.
    requests: HashMap<&'a str, BTreeSet<&'a str>>,
}

/// What is known of a call: one of each, or something is wrong.
#[derive(Debug, Default)]
pub(super) struct Call<'a> {
    pub(super) traces: BTreeSet<&'a str>,
    pub(super) requests: BTreeSet<&'a str>,
    /// With the trace that each stands in.
    spans: Vec<&'a Span>,
}

impl<'a> Truth<'a> {
    pub(super) fn of(accounts: &'a Accounts, stored: &'a Stored) -> Self {
        let mut truth = Self::default();
        for (trace, span) in stored.all() {
            let request = span.request.as_deref();
            if let Some(visit) = span.visit {
                let call = truth.visits.entry(visit).or_default();
                call.traces.insert(trace);
                call.requests.extend(request);
                call.spans.push(span);
            }
            truth.requests.entry(trace).or_default().extend(request);
        }
        for line in accounts.values().flat_map(|account| &account.lines) {
            let (Line { visit: Some(visit), .. }, Kind::Wire(headers)) = (line, &line.kind) else { continue };
            let call = truth.visits.entry(*visit).or_default();
            call.traces.extend(headers.trace.as_deref());
            call.requests.extend(headers.request.as_deref());
        }
        for Call { traces, requests, .. } in truth.visits.values() {
            for trace in traces {
                truth.requests.entry(trace).or_default().extend(requests);
            }
        }
        truth
    }

    pub(super) fn call(&self, visit: u64) -> Option<&Call<'a>> {
        self.visits.get(&visit)
    }

    /// The request ids that are known of a trace.
    pub(super) fn requests(&self, trace: &str) -> Option<&BTreeSet<&'a str>> {
        self.requests.get(trace)
    }

    /// Calls of which two things are said, and traces of two calls.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let mut owners = HashMap::new();
        let mut all = Vec::new();
        for (visit, Call { traces, requests, .. }) in &self.visits {
            if traces.len() > 1 || requests.len() > 1 {
                all.push(format!("call {visit} went by {traces:?} and {requests:?}"));
            }
            let others = traces.iter().filter_map(|trace| owners.insert(*trace, visit));
            all.extend(others.map(|other| format!("the calls {visit} and {other} have one trace")));
        }
        all
    }
}

impl<'a> Call<'a> {
    /// Its exported spans of this name that its own work in this service may be in.
    pub(super) fn spans(&self, name: &str, service: &str) -> Vec<&'a Span> {
        let is_it =
            |span: &&&Span| span.name == name && span.service == service && span.kind != SpanKind::Client;
        self.spans.iter().filter(is_it).copied().collect()
    }

    pub(super) fn is_sampled(&self) -> bool {
        !self.spans.is_empty()
    }

    pub(super) fn has(&self, span: &str) -> bool {
        self.spans.iter().any(|own| own.span == span)
    }
}
