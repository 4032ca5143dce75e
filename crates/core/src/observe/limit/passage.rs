use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use http::Extensions;

/// One request's way through a limit, known on both sides of it.
///
/// It goes with the request's extensions, so it is found in whatever task the limit calls from. A limit may have
/// another around it: the inner passage is given last and found first, and keeps the outer one.
#[derive(Debug, Clone)]
pub(super) struct Passage {
    waiting_since: Instant,
    through: Through,
    outer: Option<Box<Self>>,
}

/// Whether a request has passed. Nothing else hangs on it: that it is set is all there is to know.
#[derive(Debug, Clone, Default)]
pub(super) struct Through(Arc<AtomicBool>);

impl Passage {
    /// Gives a request its passage.
    pub(super) fn give(extensions: &mut Extensions, waiting_since: Instant) -> Through {
        let through = Through::default();
        let outer = extensions.remove::<Self>().map(Box::new);
        extensions.insert(Self { waiting_since, through: through.clone(), outer });
        through
    }

    /// Takes the passage of a request that has come through; gives the time since when it waited.
    pub(super) fn take(extensions: &mut Extensions) -> Option<Instant> {
        let Self { waiting_since, through, outer } = extensions.remove::<Self>()?;
        through.0.store(true, Relaxed);
        if let Some(outer) = outer {
            extensions.insert(*outer);
        }
        Some(waiting_since)
    }
}

impl Through {
    pub(super) fn is_through(&self) -> bool {
        self.0.load(Relaxed)
    }
}
