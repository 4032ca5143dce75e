use http::StatusCode;
use tower_telemetry_core::Ending;

/// One thing that a [`Recorder`](crate::Recorder) was told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Which recorder was told: its `N`.
    pub window: u32,
    /// Which exchange of this log it is about, counted from 0 in the order of their starts.
    pub exchange: u64,
    /// What was told.
    pub moment: Moment,
    /// Whether the exchange was [`current`](tower_telemetry_core::current()) at that moment.
    pub is_current: bool,
}

/// A moment in the life of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moment {
    /// It began.
    Started,
    /// It began, but is not to be recorded.
    Passed,
    /// The thread entered it, for a poll or a drop.
    Entered,
    /// The thread left it.
    Left,
    /// The response head was made.
    Responded(StatusCode),
    /// This many bytes of response body passed.
    Framed(usize),
    /// It ended.
    Ended(Ending),
}
