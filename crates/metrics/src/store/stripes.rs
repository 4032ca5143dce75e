//! Copies of a set of counts, one for each thread that would wait for another.

use super::sync::{AtomicU32, OnceLock, Ordering::Relaxed, change_lane, lane};

/// Meetings of two threads before a series is worth the memory. A rare one stays as small as it is.
#[cfg(not(loom))]
const MEETINGS: u32 = 8;
#[cfg(loom)]
const MEETINGS: u32 = 1;

/// Nothing until threads meet on a series, then one copy per processor.
///
/// A recording that finds its count changed under its hands reports the meeting. After a few of them the series is
/// taken for hot: each thread gets a copy, by its lane, and moves on to another when it meets somebody there.
/// What was counted before stays where it is; a reader adds everything up.
#[derive(Debug)]
pub(crate) struct Stripes<S: 'static> {
    // Boxed twice: the place for it is in every series, cold ones included.
    copies: OnceLock<Box<Box<[S]>>>,
    meetings: AtomicU32,
}

/// Whether a recording that found so many before it looks for other threads, which costs it a little.
#[inline]
pub(crate) fn looks_around(seen: u64) -> bool {
    // A model has no patience for sixteen recordings.
    cfg!(loom) || seen % 16 == 0
}

impl<S> Stripes<S> {
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Self {
        Self { copies: OnceLock::new(), meetings: AtomicU32::new(0) }
    }

    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self { copies: OnceLock::new(), meetings: AtomicU32::new(0) }
    }

    /// The copy of this thread, once there are copies.
    #[inline]
    pub(crate) fn mine(&self) -> Option<&S> {
        let copies = self.copies.get()?;
        // The number of copies is a power of two.
        copies.get(lane() & (copies.len() - 1))
    }

    /// All copies.
    pub(crate) fn all(&self) -> &[S] {
        self.copies.get().map_or(&[], |copies| &copies[..])
    }

    /// Tells that two threads met, on the first counts or on a copy.
    #[cold]
    pub(crate) fn met(&self, make: impl Fn() -> S) {
        change_lane();
        if self.copies.get().is_none() && self.meetings.fetch_add(1, Relaxed) + 1 >= MEETINGS {
            self.copies.get_or_init(|| Box::new((0..copies()).map(|_| make()).collect()));
        }
    }
}

#[cfg(not(loom))]
fn copies() -> usize {
    // More copies than that cost each reader more than they spare the writers.
    const MOST: usize = 16;
    std::thread::available_parallelism().map_or(4, |threads| threads.get().next_power_of_two()).clamp(2, MOST)
}

#[cfg(loom)]
fn copies() -> usize {
    2
}
