//! Some of all.

use std::fmt;

/// How many of all are so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    some: u64,
    all: u64,
}

impl Share {
    pub(super) fn count(&mut self, is_one: bool) {
        self.all += 1;
        self.some += u64::from(is_one);
    }

    /// How many are so.
    pub(super) fn some(self) -> u64 {
        self.some
    }

    /// Whether there are any, and all of them are so.
    pub(super) fn is_whole(self) -> bool {
        self.all > 0 && self.some == self.all
    }

    /// Zero where there are none.
    pub(super) fn ratio(self) -> f64 {
        if self.all == 0 { 0.0 } else { self.some as f64 / self.all as f64 }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} ({:.1} %)", self.some, self.all, 100.0 * self.ratio())
    }
}
