use std::fmt;

/// Who speaks of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The [`Outcome`](tower_telemetry_core::Outcome) itself, noted by the ledger as a signal.
    Outcome,
    /// The exported span.
    Span,
    /// The log line.
    Log,
    /// The metrics, as far as they speak of single exchanges: exemplars, events.
    Metrics,
    /// The headers of the response.
    Header,
    /// The caller, who saw the response.
    Caller,
}

impl Source {
    /// Every source, in the order of their declaration.
    pub const ALL: [Self; 6] =
        [Self::Outcome, Self::Span, Self::Log, Self::Metrics, Self::Header, Self::Caller];

    /// `outcome`, `span`, `log`, `metrics`, `header` or `caller`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Span => "span",
            Self::Log => "log",
            Self::Metrics => "metrics",
            Self::Header => "header",
            Self::Caller => "caller",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
