//! How much may wait.

/// Estimated bytes of the spans of one request.
pub(super) const REQUEST_BYTES: usize = 64 * 1024;
/// Estimated bytes of all spans that wait in the process.
pub(super) const PROCESS_BYTES: usize = 16 * 1024 * 1024;
/// How many spans that go on after the end of a request that was kept are remembered.
pub(super) const LATE: usize = 1024;

/// How many spans that a program makes within a request wait for its end.
///
/// At most 64 of one request by default. Whatever the number: 64 KiB of one request and 16 MiB of all, estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InnerSpans {
    max: usize,
}

impl InnerSpans {
    /// At most so many spans of one request.
    #[must_use]
    pub const fn at_most(max: usize) -> Self {
        Self { max }
    }

    pub(crate) const fn max(self) -> usize {
        self.max
    }
}

impl Default for InnerSpans {
    fn default() -> Self {
        Self::at_most(64)
    }
}

/// Why a span is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    RequestSpans,
    RequestBytes,
    ProcessBytes,
    Late,
}

impl Limit {
    pub(super) const ALL: [Self; 4] =
        [Self::RequestSpans, Self::RequestBytes, Self::ProcessBytes, Self::Late];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::RequestSpans => "request_spans",
            Self::RequestBytes => "request_bytes",
            Self::ProcessBytes => "process_bytes",
            Self::Late => "late",
        }
    }
}
