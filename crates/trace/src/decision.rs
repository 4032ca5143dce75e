//! Who decides which exchanges are kept, where those of the end go, and who is told and believed.

use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::{Exchange, Side};

use crate::decide::{Decide, Learning};
use crate::hints::{Hints, Peers};
use crate::probability::LastClaim;
use crate::sink::SpanSink;

/// What a window holds of its decision.
#[derive(Clone, Default)]
pub(crate) struct Decisions {
    /// The one who decides, with the sink for what is decided at the end; without, a provider's sampler decides.
    pub(crate) made: Option<Made>,
    pub(crate) hints: Hints,
    pub(crate) peers: Peers,
}

/// A decision, and where its late spans go.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) decide: Arc<dyn Decide>,
    pub(crate) sink: Arc<dyn SpanSink>,
    /// Asked once: most exchanges would be told to somebody who does not listen.
    pub(crate) learning: Learning,
    pub(crate) last_claim: Arc<LastClaim>,
}

impl Made {
    pub(crate) fn new(decide: Arc<dyn Decide>, sink: Arc<dyn SpanSink>) -> Self {
        let learning = decide.learning();
        Self { decide, sink, learning, last_claim: Arc::default() }
    }

    /// Whether the end of this exchange is to be told.
    pub(crate) fn learns_from(&self, exchange: &Exchange) -> bool {
        self.learning == Learning::FromEnds && exchange.side == Side::Server
    }
}

impl fmt::Debug for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decisions")
            .field("made", &self.made.is_some())
            .field("hints", &self.hints)
            .field("peers", &self.peers)
            .finish()
    }
}
