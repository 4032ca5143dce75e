//! One place that spawns tasks.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Epochs whose tasks are young; with the present one just begun, the youngest that is not is two epochs old.
const YOUNG: u32 = 3;

/// The counts of one place. The epochs are counted by its registry.
#[derive(Debug)]
pub(crate) struct Site {
    location: Option<&'static Location<'static>>,
    alive: AtomicU64,
    started: AtomicU64,
    connections: AtomicU64,
    /// How many tasks of the last epochs are alive, each with its epoch in the upper half. One more than is looked
    /// at: a task that is late by an epoch does no harm.
    cohorts: [AtomicU64; YOUNG as usize + 1],
}

/// What a task is to the detector of leaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is expected to end before long.
    Work,
    /// It lives as long as a connection, however long that is.
    Connection,
}

/// The counts of a place at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) alive: u64,
    pub(crate) started: u64,
    pub(crate) connections: u64,
    pub(crate) young: u64,
}

/// A task of a place, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Member {
    site: Arc<Site>,
    role: Role,
    epoch: u32,
}

impl Site {
    /// A place; without a location it stands for all places that are not kept.
    pub(crate) fn new(location: Option<&'static Location<'static>>) -> Self {
        Self {
            location,
            alive: AtomicU64::new(0),
            started: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            cohorts: [const { AtomicU64::new(0) }; YOUNG as usize + 1],
        }
    }

    pub(crate) fn location(&self) -> Option<&'static Location<'static>> {
        self.location
    }

    pub(crate) fn enter(self: Arc<Self>, role: Role, epoch: u32) -> Member {
        self.alive.fetch_add(1, Relaxed);
        self.started.fetch_add(1, Relaxed);
        match role {
            Role::Work => self.change(epoch, |count| count.saturating_add(1)),
            Role::Connection => _ = self.connections.fetch_add(1, Relaxed),
        }
        Member { site: self, role, epoch }
    }

    pub(crate) fn counts(&self, epoch: u32) -> Counts {
        let young = self.cohorts.iter().map(|cohort| split(cohort.load(Relaxed)));
        Counts {
            alive: self.alive.load(Relaxed),
            started: self.started.load(Relaxed),
            connections: self.connections.load(Relaxed),
            young: young
                .filter(|(born, _)| epoch.saturating_sub(*born) < YOUNG)
                .map(|(_, count)| u64::from(count))
                .sum(),
        }
    }

    /// Changes the count of an epoch. A place in the ring that an earlier epoch has left is taken over; one that a
    /// later epoch has taken is left to it: then the task is no longer young.
    fn change(&self, epoch: u32, change: impl Fn(u32) -> u32) {
        let Some(cohort) = self.cohorts.get(epoch as usize % self.cohorts.len()) else { return };
        let _ = cohort.fetch_update(Relaxed, Relaxed, |word| {
            let (born, count) = split(word);
            let count = if born == epoch { count } else { 0 };
            (born <= epoch).then(|| (u64::from(epoch) << 32) | u64::from(change(count)))
        });
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let Self { site, role, epoch } = self;
        site.alive.fetch_sub(1, Relaxed);
        match role {
            Role::Work => site.change(*epoch, |count| count.saturating_sub(1)),
            Role::Connection => _ = site.connections.fetch_sub(1, Relaxed),
        }
    }
}

fn split(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(site: &Arc<Site>, epoch: u32) -> Member {
        Arc::clone(site).enter(Role::Work, epoch)
    }

    #[test]
    fn a_task_is_young_for_three_epochs() {
        let site = Arc::new(Site::new(None));
        let _task = enter(&site, 7);
        let young: Vec<u64> = (7..13).map(|epoch| site.counts(epoch).young).collect();
        assert_eq!(young, [1, 1, 1, 0, 0, 0]);
    }

    #[test]
    fn a_young_task_that_ends_is_neither_young_nor_alive() {
        let site = Arc::new(Site::new(None));
        let (task, _other) = (enter(&site, 0), enter(&site, 1));
        assert_eq!(site.counts(1).young, 2);
        drop(task);
        assert_eq!(site.counts(1), Counts { alive: 1, started: 2, connections: 0, young: 1 });
    }

    #[test]
    fn an_old_task_that_ends_takes_nothing_from_the_young_of_its_place_in_the_ring() {
        let site = Arc::new(Site::new(None));
        let old = enter(&site, 0);
        let _young = [enter(&site, 4), enter(&site, 4)];
        drop(old);
        assert_eq!((site.counts(4).young, site.counts(4).alive), (2, 2));
    }

    #[test]
    fn a_task_that_read_the_epoch_too_early_counts_as_old() {
        let site = Arc::new(Site::new(None));
        let _young = enter(&site, 8);
        let late = enter(&site, 4);
        assert_eq!((site.counts(8).young, site.counts(8).alive), (1, 2));
        drop(late);
        assert_eq!((site.counts(8).young, site.counts(8).alive), (1, 1));
    }

    #[test]
    fn a_connection_is_alive_and_never_young() {
        let site = Arc::new(Site::new(None));
        let connection = Arc::clone(&site).enter(Role::Connection, 0);
        assert_eq!(site.counts(0), Counts { alive: 1, started: 1, connections: 1, young: 0 });
        drop(connection);
        assert_eq!(site.counts(0), Counts { alive: 0, started: 1, connections: 0, young: 0 });
    }
}
