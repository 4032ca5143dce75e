//! Counts that share no cache line with those of another thread.

use super::sync::AtomicU64;

/// How many counts fit into a line.
pub(crate) const COUNTS: usize = 16;

/// Two cache lines of counts: processors fetch lines in pairs.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Line([AtomicU64; COUNTS]);

impl Line {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }

    pub(crate) fn get(&self, index: usize) -> Option<&AtomicU64> {
        self.0.get(index)
    }

    pub(crate) fn counts(&self) -> &[AtomicU64] {
        &self.0
    }
}
