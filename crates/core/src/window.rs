//! Which windows look at an exchange: a small set, so that the same one never looks twice.

use std::ops::BitOr;

/// A set of windows.
///
/// A window that is stacked twice on one request acts once; two different windows stacked
/// separately share the exchange. A signal says which window it is by
/// [`Signal::WINDOW`](crate::Signal::WINDOW); a signal of [`Window::NONE`] always acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Window(u32);

impl Window {
    /// No window: the signal acts wherever it stands.
    pub const NONE: Self = Self(0);
    /// The metrics window.
    pub const METRICS: Self = Self(1);
    /// The trace window.
    pub const TRACE: Self = Self(1 << 1);
    /// The request-id window.
    pub const REQUEST_ID: Self = Self(1 << 2);
    /// The log window.
    pub const LOG: Self = Self(1 << 3);
    /// The metrics window over a meter of OpenTelemetry: another than that over the store, so that a program may have
    /// both.
    pub const OTEL_METRICS: Self = Self(1 << 4);

    /// The carrier: no window, but looked through once like one.
    pub const CARRIER: Self = Self(1 << 5);

    /// A window of one's own: `n` from 0 to 23, the same for every layer of that window.
    ///
    /// A number beyond 23 gives [`Window::NONE`].
    #[must_use]
    pub const fn custom(n: u32) -> Self {
        if n < 24 { Self(1 << (8 + n)) } else { Self::NONE }
    }

    /// The windows of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The windows of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the sets share a window.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

impl BitOr for Window {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_window_meets_no_other() {
        let windows = Window::METRICS
            | Window::TRACE
            | Window::REQUEST_ID
            | Window::LOG
            | Window::CARRIER
            | Window::OTEL_METRICS;
        for n in 0..24 {
            assert!(!Window::custom(n).meets(windows), "{n}");
            assert!(!Window::custom(n).meets(Window::custom((n + 1) % 24)), "{n}");
            assert!(Window::custom(n).meets(Window::custom(n)), "{n}");
        }
        assert_eq!(Window::custom(24), Window::NONE);
        assert!(!Window::NONE.meets(Window::NONE));
    }
    #[test]
    fn each_window_is_one_of_its_own() {
        let windows = [
            Window::METRICS,
            Window::TRACE,
            Window::REQUEST_ID,
            Window::LOG,
            Window::OTEL_METRICS,
            Window::CARRIER,
        ];
        for (i, one) in windows.iter().enumerate() {
            for (j, other) in windows.iter().enumerate() {
                assert_eq!(one.meets(*other), i == j, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_window_that_is_added_twice_is_there_once() {
        let set = Window::LOG | Window::TRACE | Window::LOG;
        assert!(set.meets(Window::LOG));
        assert_eq!(set.without(Window::LOG), Window::TRACE);
    }
}
