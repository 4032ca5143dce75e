//! Some words that are told once, together.
//!
//! The models of loom read this file from the metrics crate (`store/loom.rs`): the core does not depend on what loom brings.

use std::num::NonZeroU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
#[cfg(not(all(test, loom)))]
use std::sync::atomic::{AtomicBool, AtomicU64};

#[cfg(all(test, loom))]
use loom::sync::atomic::{AtomicBool, AtomicU64};

/// Room for words of which the last is not zero; the first to tell is heard.
///
/// A `OnceLock` costs a hundred instructions to write, and gives what it has by reference.
#[derive(Debug)]
pub(crate) struct OnceWords<const N: usize> {
    is_claimed: AtomicBool,
    words: [AtomicU64; N],
    /// Written behind the others; zero until then.
    last: AtomicU64,
}

impl<const N: usize> OnceWords<N> {
    pub(crate) fn new() -> Self {
        Self {
            is_claimed: AtomicBool::new(false),
            words: std::array::from_fn(|_| AtomicU64::new(0)),
            last: AtomicU64::new(0),
        }
    }

    pub(crate) fn set(&self, words: [u64; N], last: NonZeroU64) {
        // Nothing is read that another wrote before: who comes second writes nothing.
        if self.is_claimed.swap(true, Relaxed) {
            return;
        }
        for (place, word) in self.words.iter().zip(words) {
            place.store(word, Relaxed);
        }
        // Release: who sees the last word sees them all.
        self.last.store(last.get(), Release);
    }

    /// The words, unless nobody has told them yet.
    pub(crate) fn get(&self) -> Option<([u64; N], NonZeroU64)> {
        let last = NonZeroU64::new(self.last.load(Acquire))?;
        Some((std::array::from_fn(|at| self.words.get(at).map_or(0, |word| word.load(Relaxed))), last))
    }
}
