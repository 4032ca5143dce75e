//! What a sum is counted from.

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;

/// Whether a point tells all since the series began, or what is new since the export before.
///
/// <https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Temporality {
    /// All since the series began.
    #[default]
    Cumulative,
    /// What is new; a sum that also falls is still told whole.
    Delta,
    /// What is new, but for what a collector counts: to tell that as a difference, one has to remember it.
    LowMemory,
}

/// Who keeps a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeper {
    /// The store.
    Store,
    /// Whoever a collector asks.
    Collector,
}

impl Temporality {
    /// How a sum or a histogram that only grows is told.
    pub(crate) fn of(self, keeper: Keeper) -> AggregationTemporality {
        match (self, keeper) {
            (Self::Delta, _) | (Self::LowMemory, Keeper::Store) => AggregationTemporality::Delta,
            (Self::Cumulative, _) | (Self::LowMemory, Keeper::Collector) => {
                AggregationTemporality::Cumulative
            }
        }
    }
}
