//! Whether the service wants requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What `/readyz` says: 200, or 503 for a balancer to look elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readiness {
    /// Requests are welcome.
    #[default]
    Ready,
    /// Not yet, or no more.
    NotReady,
}

/// The word of the service, and a question to it.
#[derive(Clone)]
pub(crate) struct Ready {
    said: Arc<AtomicBool>,
    ask: Arc<dyn Fn() -> Readiness + Send + Sync>,
}

impl Ready {
    pub(crate) fn new(ask: impl Fn() -> Readiness + Send + Sync + 'static) -> Self {
        Self { said: Arc::new(AtomicBool::new(true)), ask: Arc::new(ask) }
    }

    pub(crate) fn say(&self, readiness: Readiness) {
        self.said.store(readiness == Readiness::Ready, Ordering::Relaxed);
    }

    /// Ready is who says so and, asked, agrees.
    pub(crate) fn get(&self) -> Readiness {
        if self.said.load(Ordering::Relaxed) { (self.ask)() } else { Readiness::NotReady }
    }
}

impl Default for Ready {
    fn default() -> Self {
        Self::new(Readiness::default)
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ready").field(&self.said).finish_non_exhaustive()
    }
}
