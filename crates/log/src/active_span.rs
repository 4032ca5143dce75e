//! The span that another library has made active on this thread.

use std::fmt;

use tower_telemetry_core::TraceIds;

/// How to ask for the active span; nobody knows one where nothing was given.
#[derive(Clone, Copy, Default)]
pub(crate) struct ActiveSpan(Option<fn() -> Option<TraceIds>>);

impl ActiveSpan {
    pub(crate) const fn by(ask: fn() -> Option<TraceIds>) -> Self {
        Self(Some(ask))
    }

    pub(crate) fn ids(self) -> Option<TraceIds> {
        self.0?()
    }
}

impl fmt::Debug for ActiveSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "ActiveSpan" } else { "None" })
    }
}
