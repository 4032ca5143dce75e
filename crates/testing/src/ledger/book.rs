//! The pages of a ledger: the exchanges that are open, and what was found of those that are closed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use tower_telemetry_core::{Ending, Outcome, Verdict};

use crate::ledger::summary::add;
use crate::ledger::{ExchangeKey, Said, Sentence, Source, Summary};

/// This many disagreements are kept as sentences.
const SENTENCES_MAX: usize = 10;

#[derive(Debug)]
pub(crate) struct Book {
    capacity: usize,
    pub(crate) expected: BTreeSet<Source>,
    pub(crate) tolerance: Duration,
    entries: HashMap<ExchangeKey, Entry>,
    /// The open exchanges by the order in which they were first spoken of.
    order: BTreeMap<u64, ExchangeKey>,
    next: u64,
    found: Summary,
}

#[derive(Debug)]
struct Entry {
    order: u64,
    told: Vec<(Source, Sentence)>,
}

impl Book {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            expected: BTreeSet::from([Source::Outcome]),
            tolerance: Duration::from_micros(1),
            entries: HashMap::new(),
            order: BTreeMap::new(),
            next: 0,
            found: Summary::default(),
        }
    }

    pub(crate) fn start(&mut self) {
        self.found.started += 1;
    }

    pub(crate) fn end(&mut self, outcome: &Outcome) {
        self.found.ended += 1;
        add(&Verdict::ALL, &mut self.found.by_verdict, outcome.verdict);
        add(&Ending::ALL, &mut self.found.by_ending, outcome.ending);
    }

    pub(crate) fn end_without_ids(&mut self) {
        self.found.without_ids += 1;
    }

    pub(crate) fn note(&mut self, source: Source, key: ExchangeKey, sentence: Sentence) {
        let order = self.next;
        let entry = self.entries.entry(key).or_insert_with(|| {
            self.order.insert(order, key);
            self.next += 1;
            Entry { order, told: Vec::new() }
        });
        let mut differences = entry.contradictions(source, &sentence, self.tolerance);
        if entry.has_spoken(source) {
            differences.push(format!("the {source} speaks twice"));
        }
        entry.told.push((source, sentence));
        let is_complete = entry.is_complete(&self.expected);
        for difference in differences {
            self.found.disagreements += 1;
            if self.found.first_disagreements.len() < SENTENCES_MAX {
                self.found.first_disagreements.push(format!("{key}: {difference}"));
            }
        }
        if is_complete {
            self.close(key);
        }
        while self.entries.len() > self.capacity {
            self.close_oldest();
        }
    }

    pub(crate) fn close_all(&mut self) {
        while !self.order.is_empty() {
            self.close_oldest();
        }
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary { open: self.entries.len() as u64, ..self.found.clone() }
    }

    fn close_oldest(&mut self) {
        if let Some((_, key)) = self.order.pop_first() {
            self.close(key);
        }
    }

    fn close(&mut self, key: ExchangeKey) {
        let Some(entry) = self.entries.remove(&key) else { return };
        self.order.remove(&entry.order);
        if entry.is_complete(&self.expected) {
            self.found.complete += 1;
            return;
        }
        self.found.incomplete += 1;
        for source in self.expected.iter().filter(|source| !entry.has_spoken(**source)) {
            *self.found.missing.entry(*source).or_default() += 1;
        }
    }
}

impl Entry {
    fn has_spoken(&self, source: Source) -> bool {
        self.told.iter().any(|(earlier, _)| *earlier == source)
    }

    fn is_complete(&self, expected: &BTreeSet<Source>) -> bool {
        expected.iter().all(|source| self.has_spoken(*source))
    }

    /// What a new sentence says otherwise than those before it; of each field, the first to speak counts.
    fn contradictions(&self, source: Source, new: &Sentence, tolerance: Duration) -> Vec<String> {
        // Destructured, so that a field that is added is not forgotten here.
        let Sentence { route, status, grpc, error_type, verdict, ending, duration, request_id } = new;
        let close = |one: &Duration, other: &Duration| one.abs_diff(*other) <= tolerance;
        [
            self.contradiction("route", source, route, |told| &told.route, PartialEq::eq, optional),
            self.contradiction("status", source, status, |told| &told.status, PartialEq::eq, optional),
            self.contradiction("gRPC status", source, grpc, |told| &told.grpc, PartialEq::eq, optional),
            self.contradiction("error.type", source, error_type, |t| &t.error_type, PartialEq::eq, optional),
            self.contradiction(
                "verdict",
                source,
                verdict,
                |t| &t.verdict,
                PartialEq::eq,
                |v| v.as_str().into(),
            ),
            self.contradiction("ending", source, ending, |t| &t.ending, PartialEq::eq, |e| e.as_str().into()),
            self.contradiction("duration", source, duration, |t| &t.duration, close, |d| format!("{d:?}")),
            self.contradiction("request id", source, request_id, |t| &t.request_id, PartialEq::eq, optional),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn contradiction<T>(
        &self,
        name: &str,
        source: Source,
        new: &Said<T>,
        field: impl Fn(&Sentence) -> &Said<T>,
        agree: impl Fn(&T, &T) -> bool,
        show: impl Fn(&T) -> String,
    ) -> Option<String> {
        let new = new.as_option()?;
        let (first, told) =
            self.told.iter().find_map(|(by, sentence)| Some((by, field(sentence).as_option()?)))?;
        (!agree(told, new))
            .then(|| format!("{name} is {} to the {first}, but {} to the {source}", show(told), show(new)))
    }
}

fn optional<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string)
}
