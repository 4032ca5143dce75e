//! The places that spawn tasks.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::counted::Counted;
use super::site::{Counts, Role, Site};

/// How many places are kept apart; the rest is counted together.
const MAX_SITES: usize = 256;

/// Counts tasks by the place in the source that spawned them: a handle, cheap to clone.
///
/// A program wants one, [`Tasks::process`], which [`spawn`](crate::spawn) and its friends count in; a test may want
/// its own.
///
/// # Cardinality
///
/// 256 places, which the program's source names. Tasks of any further are counted together, as `_OTHER`.
#[derive(Clone)]
pub struct Tasks {
    inner: Arc<Inner>,
}

struct Inner {
    sites: papaya::HashMap<Location<'static>, Arc<Site>, foldhash::fast::RandomState>,
    /// The same in the order in which they came, the one for all others first.
    listed: Mutex<Vec<Arc<Site>>>,
    others: Arc<Site>,
    most: usize,
    epoch: AtomicU32,
}

impl Tasks {
    /// Counts nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_most(MAX_SITES)
    }

    fn with_most(most: usize) -> Self {
        let others = Arc::new(Site::new(None));
        Self {
            inner: Arc::new(Inner {
                sites: papaya::HashMap::default(),
                listed: Mutex::new(vec![Arc::clone(&others)]),
                others,
                most,
                epoch: AtomicU32::new(0),
            }),
        }
    }

    /// The tasks of this process.
    pub fn process() -> &'static Self {
        static PROCESS: LazyLock<Tasks> = LazyLock::new(Tasks::new);
        &PROCESS
    }

    /// This future as a task of the place that calls, from now until it is dropped: finished, aborted or in a panic.
    /// For `JoinSet::spawn`, `Handle::spawn` and whatever else spawns.
    #[track_caller]
    pub fn counted<F>(&self, future: F) -> Counted<F> {
        Counted::new(future, self.site(Location::caller()).enter(Role::Work, self.epoch()))
    }

    /// As [`counted`](Self::counted), for a task that lives as long as a connection: a WebSocket, a subscription.
    /// Many of them are no leak.
    #[track_caller]
    pub fn connection<F>(&self, future: F) -> Counted<F> {
        Counted::new(future, self.site(Location::caller()).enter(Role::Connection, self.epoch()))
    }

    /// Ten seconds have passed.
    pub(crate) fn next_epoch(&self) {
        self.inner.epoch.fetch_add(1, Relaxed);
    }

    /// The places with their counts. A place once listed keeps its number; the first is that for all others.
    pub(crate) fn counts(&self) -> Vec<(Arc<Site>, Counts)> {
        let sites = self.inner.listed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let epoch = self.epoch();
        sites.into_iter().map(|site| (Arc::clone(&site), site.counts(epoch))).collect()
    }

    fn epoch(&self) -> u32 {
        self.inner.epoch.load(Relaxed)
    }

    fn site(&self, location: &'static Location<'static>) -> Arc<Site> {
        let sites = self.inner.sites.pin();
        if let Some(site) = sites.get(location) {
            return Arc::clone(site);
        }
        // A generic function has one location in many copies, so places are told apart by their text.
        let mut listed = self.inner.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = sites.get(location) {
            return Arc::clone(site);
        }
        if listed.len() > self.inner.most {
            return Arc::clone(&self.inner.others);
        }
        let site = Arc::new(Site::new(Some(location)));
        listed.push(Arc::clone(&site));
        sites.insert(*location, Arc::clone(&site));
        site
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tasks").field("sites", &self.inner.sites.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    /// Alive and started, by place.
    fn counts(tasks: &Tasks) -> Vec<(u64, u64)> {
        tasks.counts().iter().skip(1).map(|(_, counts)| (counts.alive, counts.started)).collect()
    }

    #[test]
    fn tasks_of_one_place_are_counted_together_and_those_of_another_apart() {
        let tasks = Tasks::new();
        let here: Vec<_> = (0..3).map(|_| tasks.counted(())).collect();
        let _there = tasks.counted(());
        assert_eq!(counts(&tasks), [(3, 3), (1, 1)]);
        drop(here);
        assert_eq!(counts(&tasks), [(0, 3), (1, 1)]);
    }

    #[test]
    fn a_place_is_that_of_the_caller() {
        let tasks = Tasks::new();
        let (_task, line) = (tasks.counted(()), line!());
        let location = tasks.counts()[1].0.location();
        assert!(
            location.is_some_and(|place| (place.file(), place.line()) == (file!(), line)),
            "{location:?}"
        );
    }

    #[test]
    fn places_beyond_those_kept_are_counted_together() {
        let tasks = Tasks::with_most(2);
        let _tasks = [tasks.counted(()), tasks.counted(()), tasks.counted(()), tasks.counted(())];
        assert_eq!(counts(&tasks), [(1, 1), (1, 1)]);
        let (others, both) = &tasks.counts()[0];
        assert_eq!((others.location(), both.alive), (None, 2));
    }
}
