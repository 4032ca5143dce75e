//! The buffers of one thread, kept between events so that none is allocated for a line.

use std::cell::Cell;

use crate::fragment::Fragment;
use crate::ids_text::IdsText;
use crate::inherited::Inherited;
use crate::message::Message;
use crate::site::Sites;
use crate::timestamp::Clock;

/// Events told from within the telling of an event, by a `Debug` or a writer that logs, go no deeper than
/// this.
const DEPTH_LIMIT: u8 = 4;

/// Fragments of closed spans that a thread keeps, and the largest one worth keeping.
const POOL_LIMIT: usize = 32;
const POOLED_CAPACITY: usize = 4 * 1024;

/// What composing one line needs.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) event: Fragment,
    pub(crate) message: Message,
    pub(crate) inherited: Inherited,
    pub(crate) notes: Fragment,
    pub(crate) line: Vec<u8>,
    pub(crate) clock: Clock,
    pub(crate) sites: Sites,
    pub(crate) ids: IdsText,
}

thread_local! {
    static THREAD: Thread = const {
        Thread { scratch: Cell::new(None), depth: Cell::new(0), pool: Cell::new(Vec::new()) }
    };
}

/// Each part is taken out while it is used and put back after, never borrowed: a field whose `Debug` logs
/// comes back here in the middle, and one that panics leaves an empty slot, not a poisoned one.
struct Thread {
    scratch: Cell<Option<Box<Scratch>>>,
    depth: Cell<u8>,
    pool: Cell<Vec<Fragment>>,
}

/// Lends this thread's buffers. `None` when events are already nested too deeply.
pub(crate) fn with<R>(work: impl FnOnce(&mut Scratch) -> R) -> Option<R> {
    let _level = Level::enter()?;
    // Where the thread's own storage is already gone, a line is still told, with buffers of its own.
    let mut scratch = THREAD.try_with(|thread| thread.scratch.take()).ok().flatten().unwrap_or_default();
    let result = work(&mut scratch);
    let _ = THREAD.try_with(|thread| thread.scratch.set(Some(scratch)));
    Some(result)
}

/// An empty fragment, of a closed span where there is one.
pub(crate) fn fragment() -> Fragment {
    with_pool(Vec::pop).flatten().unwrap_or_default()
}

/// Keeps the buffers of a fragment for another span.
pub(crate) fn recycle(mut fragment: Fragment) {
    fragment.clear();
    with_pool(|pool| {
        if pool.len() < POOL_LIMIT && fragment.capacity() <= POOLED_CAPACITY {
            pool.push(fragment);
        }
    });
}

fn with_pool<R>(work: impl FnOnce(&mut Vec<Fragment>) -> R) -> Option<R> {
    THREAD
        .try_with(|thread| {
            let mut pool = thread.pool.take();
            let result = work(&mut pool);
            thread.pool.set(pool);
            result
        })
        .ok()
}

/// One event being told on this thread.
struct Level;

impl Level {
    fn enter() -> Option<Self> {
        // It never wraps: what is refused goes no deeper.
        let depth = THREAD.try_with(|thread| thread.depth.replace(thread.depth.get().wrapping_add(1)));
        // Made first, so that a refusal counts back down as well.
        let level = Self;
        (depth.unwrap_or(0) < DEPTH_LIMIT).then_some(level)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let _ = THREAD.try_with(|thread| thread.depth.set(thread.depth.get().wrapping_sub(1)));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_lent_again_with_its_capacity() {
        with(|scratch| scratch.line.reserve(1000)).unwrap();
        assert!(with(|scratch| scratch.line.capacity()).unwrap() >= 1000);
    }

    #[test]
    fn a_nested_use_has_buffers_of_its_own() {
        with(|outer| {
            outer.line.push(b'o');
            with(|inner| assert!(inner.line.is_empty())).unwrap();
            assert_eq!(outer.line, b"o");
        })
        .unwrap();
    }

    #[test]
    fn nesting_ends_and_can_begin_again() {
        fn nest() -> u8 {
            1 + with(|_| nest()).unwrap_or(0)
        }
        assert_eq!((nest(), nest()), (1 + DEPTH_LIMIT, 1 + DEPTH_LIMIT));
    }

    #[test]
    fn a_panic_leaves_the_thread_able_to_log() {
        for _ in 0..10 {
            let ended = std::panic::catch_unwind(|| with(|_| panic!("within")));
            assert!(ended.is_err());
        }
        assert_eq!(with(|scratch| scratch.line.len()), Some(0));
    }

    #[test]
    fn the_pool_is_bounded_in_number_and_size() {
        for _ in 0..2 * POOL_LIMIT {
            recycle(Fragment::default());
        }
        assert_eq!(with_pool(|pool| pool.len()), Some(POOL_LIMIT));
        with_pool(Vec::clear).unwrap();
        let mut large = Fragment::default();
        large.put("large", usize::MAX, |out| {
            out.resize(POOLED_CAPACITY + 1, b'0');
            crate::json::Fit::Whole
        });
        recycle(large);
        assert_eq!(with_pool(|pool| pool.len()), Some(0));
    }
}
