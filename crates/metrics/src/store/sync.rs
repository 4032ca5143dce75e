//! The atomics and locks of the store: those of `std`, or those of loom when its models run.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p tower-telemetry-metrics --release --lib loom` tries every interleaving that
//! the models in `store/loom.rs` describe.

#[cfg(not(loom))]
mod imp {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    pub(crate) use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering, fence};
    pub(crate) use std::sync::{OnceLock, RwLock};

    thread_local! {
        static LANE: Cell<usize> = const { Cell::new(0) };
    }

    static THREADS: AtomicUsize = AtomicUsize::new(1);

    /// A number that sets this thread apart from those that it has met. All begin with the same.
    #[inline]
    pub(crate) fn lane() -> usize {
        // A thread whose locals are gone records nearly never: any lane is good enough.
        LANE.try_with(Cell::get).unwrap_or(0)
    }

    /// Gives this thread another number, as it met another thread under the one that it had.
    pub(crate) fn change_lane() {
        let _ = LANE.try_with(|lane| lane.set(THREADS.fetch_add(1, Relaxed)));
    }
}

#[cfg(loom)]
mod imp {
    use std::cell::Cell;

    use loom::sync::Mutex;
    pub(crate) use loom::sync::RwLock;
    pub(crate) use loom::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering, fence};

    loom::thread_local! {
        static LANE: Cell<usize> = Cell::new(0);
    }

    /// All threads begin in one lane, so that the models see them meet.
    pub(crate) fn lane() -> usize {
        LANE.with(Cell::get)
    }

    pub(crate) fn change_lane() {
        LANE.with(|lane| lane.set(lane.get() + 1));
    }

    /// loom has no `OnceLock`. What this one holds is leaked, which a model can bear.
    #[derive(Debug)]
    pub(crate) struct OnceLock<T: 'static>(Mutex<Option<&'static T>>);

    impl<T> OnceLock<T> {
        pub(crate) fn new() -> Self {
            Self(Mutex::new(None))
        }

        pub(crate) fn get(&self) -> Option<&T> {
            self.0.lock().map_or(None, |held| *held)
        }

        #[allow(clippy::expect_used, reason = "a model stops at the first surprise")]
        pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
            let mut held = self.0.lock().expect("a model has no poisoned locks");
            *held.get_or_insert_with(|| Box::leak(Box::new(make())))
        }
    }
}

pub(crate) use self::imp::*;
