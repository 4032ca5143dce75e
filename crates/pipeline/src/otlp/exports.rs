//! What exports came to, told on `/metrics`.

use std::sync::Arc;

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Counter, Descriptor, LabelValue, Labels, Place, RegisterError, Store};

use super::signal::Signal;

/// The counters of one signal, there from the start.
#[derive(Clone, Debug)]
pub(crate) struct Exports {
    success: Arc<Counter>,
    partial: Arc<Counter>,
    failure: Arc<Counter>,
}

/// What an export came to, retries included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// All of it arrived.
    Success,
    /// The collector refused some of it.
    Partial,
    /// None of it arrived, as far as can be told.
    Failure,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Export {
    signal: Signal,
    outcome: Outcome,
}

impl Exports {
    pub(crate) fn of(signal: Signal, store: &Store) -> Result<Self, RegisterError> {
        let family = store.counter_family(Descriptor::of(metric::OTLP_EXPORTS))?;
        let series = |outcome| family.series(&Export { signal, outcome }, Place::Known);
        Ok(Self {
            success: series(Outcome::Success),
            partial: series(Outcome::Partial),
            failure: series(Outcome::Failure),
        })
    }

    pub(crate) fn count(&self, outcome: Outcome) {
        match outcome {
            Outcome::Success => self.success.increment(),
            Outcome::Partial => self.partial.increment(),
            Outcome::Failure => self.failure.increment(),
        }
    }
}

impl Labels for Export {
    const NAMES: &'static [&'static str] = &[attribute::SIGNAL, attribute::OUTCOME];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.signal.name().into()),
            _ => Some(match self.outcome {
                Outcome::Success => "success".into(),
                Outcome::Partial => "partial".into(),
                Outcome::Failure => "failure".into(),
            }),
        }
    }
}
