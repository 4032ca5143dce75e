use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::recorder::{Event, Record};

/// What the recorders that share it were told: the newest events and records, and exact counts.
#[derive(Debug)]
pub(crate) struct Log {
    capacity: usize,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) events: VecDeque<Event>,
    pub(crate) records: VecDeque<Record>,
    pub(crate) started: u64,
    pub(crate) passed: u64,
    pub(crate) ended: u64,
}

impl Log {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, pages: Mutex::default() }
    }

    pub(crate) fn read(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn event(&self, event: Event) {
        push(&mut self.read().events, event, self.capacity);
    }

    /// Numbers an exchange; those that are passed have numbers too.
    pub(crate) fn start(&self, count: impl FnOnce(&mut Pages) -> &mut u64) -> u64 {
        let mut pages = self.read();
        let number = pages.started + pages.passed;
        *count(&mut pages) += 1;
        number
    }

    pub(crate) fn end(&self, record: Record) {
        let mut pages = self.read();
        pages.ended += 1;
        push(&mut pages.records, record, self.capacity);
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T, capacity: usize) {
    queue.push_back(item);
    while queue.len() > capacity {
        queue.pop_front();
    }
}
