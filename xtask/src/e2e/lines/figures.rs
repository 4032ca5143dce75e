//! The lines beside the truth: right, wrong, missing, by the place where they were written.

use std::{collections::BTreeMap, fmt};

use super::{
    line::{Kind, Line},
    look::{Found, Look, Sampled},
    place::Place,
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
pub(super) struct Counts {
    /// Right, of calls with a span that was exported, and of others.
    pub(super) sampled: u64,
    pub(super) unsampled: u64,
    pub(super) wrong: u64,
    pub(super) missing: u64,
}

impl Figures {
    pub(super) fn of(accounts: &Accounts, stored: &Stored, sampling: Sampling) -> Self {
        let mut look = Look::at(accounts, stored, sampling);
        let mut figures = Self::default();
        for (service, account) in accounts {
            for line in &account.lines {
                figures.add(&mut look, service, line);
            }
        }
        figures.among_themselves = look.known_to_their_lines_alone();
        if let Some(contradiction) = look.contradiction() {
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

    /// Of all places together.
    pub(super) fn sum(&self) -> Counts {
        let mut sum = Counts::default();
        for Counts { sampled, unsampled, wrong, missing } in self.places.values() {
            sum.sampled += sampled;
            sum.unsampled += unsampled;
            sum.wrong += wrong;
            sum.missing += missing;
        }
        sum
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
        if sampling == Sampling::Production && self.sum().unsampled == 0 {
            wrong.push("every line is of a trace that was kept".to_owned());
        }
        wrong
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { places, among_themselves, outside, wrong: _ } = self;
        writeln!(f, "{:34} {:>8} {:>9} {:>6} {:>8}", "lines of", "sampled", "unsampled", "wrong", "missing")?;
        let mut row = |name: &str, counts: &Counts| {
            let Counts { sampled, unsampled, wrong, missing } = counts;
            writeln!(f, "{name:34} {sampled:8} {unsampled:9} {wrong:6} {missing:8}")
        };
        for (place, counts) in places {
            row(place, counts)?;
        }
        row("all", &self.sum())?;
        write!(
            f,
            "calls of which only their lines know the trace or the request: {among_themselves}; lines outside of exchanges: {outside}"
        )
    }
}
