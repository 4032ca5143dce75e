use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use tower_telemetry_core::Observer;
use tracing::Span;
use tracing::span::EnteredSpan;

use super::slot;

/// Enters the carrier span of one exchange at every poll.
#[derive(Debug)]
pub struct CarrierObserver {
    span: Span,
    is_loaded: AtomicBool,
}

impl CarrierObserver {
    pub(super) const fn new(span: Span) -> Self {
        Self { span, is_loaded: AtomicBool::new(false) }
    }
}

impl Observer for CarrierObserver {
    type Guard = CarrierGuard;

    fn enter(&self) -> CarrierGuard {
        let enter = || self.span.clone().entered();
        // Once, at the first poll: now the trace window has attached its context.
        let is_loaded = self.is_loaded.swap(true, Ordering::Relaxed);
        CarrierGuard { _entered: if is_loaded { enter() } else { slot::load(enter) } }
    }
}

/// The carrier span is entered until this is dropped.
pub struct CarrierGuard {
    _entered: EnteredSpan,
}

impl fmt::Debug for CarrierGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarrierGuard").finish_non_exhaustive()
    }
}
