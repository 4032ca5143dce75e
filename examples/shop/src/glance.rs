//! A glance at the shop from outside: what its callers count, and the queue.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    board::{Address, Board, ErrorClass, Fate, Panel},
    shipping::JobQueue,
    traffic::Tally,
};

/// How many rates are remembered for the curve.
const REMEMBERED: usize = 200;

/// Rates are taken over this many looks, to be calm.
const OVER: usize = 8;

/// Fills a board with each look.
#[derive(Debug)]
pub(crate) struct Glance {
    addresses: Vec<Address>,
    jobs: JobQueue,
    tally: Arc<Tally>,
    opened: Instant,
    looks: VecDeque<Look>,
    history: VecDeque<u64>,
}

impl Glance {
    pub(crate) fn new(addresses: Vec<Address>, jobs: JobQueue, tally: Arc<Tally>) -> Self {
        let first = Look::at(&tally);
        let opened = first.when;
        Self { addresses, jobs, tally, opened, looks: VecDeque::from([first]), history: VecDeque::new() }
    }

    pub(crate) fn look(&mut self) -> Board {
        let look = Look::at(&self.tally);
        let before = self.looks.front().copied().unwrap_or(look);
        let passed = look.when.duration_since(before.when).max(Duration::from_millis(1)).as_secs_f64();
        let rate = |now: u64, then: u64| now.saturating_sub(then) as f64 / passed;
        let per_second = rate(look.all, before.all);
        let faults = Fate::ALL.into_iter().zip(look.faults.into_iter().zip(before.faults));
        let errors =
            faults.map(|(fate, (now, then))| ErrorClass { fate, per_second: rate(now, then) }).collect();
        remember(&mut self.looks, look, OVER);
        remember(&mut self.history, per_second.round() as u64, REMEMBERED);
        Board {
            uptime: look.when.duration_since(self.opened),
            addresses: self.addresses.clone(),
            panels: vec![Panel {
                title: "callers",
                per_second,
                history: self.history.iter().copied().collect(),
                errors,
                ..Panel::default()
            }],
            queue: self.jobs.depth(),
            ..Board::default()
        }
    }
}

/// The callers' counts at one time.
#[derive(Debug, Clone, Copy)]
struct Look {
    when: Instant,
    all: u64,
    faults: [u64; 3],
}

impl Look {
    #[allow(clippy::disallowed_methods, reason = "the view keeps its own time")]
    fn at(tally: &Tally) -> Self {
        Self { when: Instant::now(), all: tally.total(), faults: Fate::ALL.map(|fate| tally.fault(fate)) }
    }
}

fn remember<T>(memory: &mut VecDeque<T>, new: T, at_most: usize) {
    memory.push_back(new);
    if memory.len() > at_most {
        memory.pop_front();
    }
}
