//! What can be chosen of the window over a meter.

use std::fmt;
use std::marker::PhantomData;

use opentelemetry::metrics::Meter;
use tower_telemetry_core::Label;

use super::instruments::{Choice, Instruments};
use super::window::OtelMetrics;
use crate::builder::Extra;
use crate::label_set::LabelSet;
use crate::store::Bounds;

/// Builds an [`OtelMetrics`]; made by [`OtelMetrics::builder`].
#[must_use = "nothing is made before `build`"]
pub struct OtelMetricsBuilder<L = ()> {
    meter: Meter,
    choice: Choice,
    labels: PhantomData<fn() -> L>,
}

impl OtelMetricsBuilder {
    pub(crate) fn new(meter: &Meter) -> Self {
        Self { meter: meter.clone(), choice: Choice::default(), labels: PhantomData }
    }

    /// Adds a label of one's own to durations and body sizes; a handler fills it by
    /// [`Exchange::label`](tower_telemetry_core::Exchange::label).
    pub fn with_label<A: Label + Clone + Send + Sync>(self) -> OtelMetricsBuilder<(A,)> {
        self.with_labels()
    }

    /// Adds up to four labels of one's own, as a tuple.
    pub fn with_labels<L: LabelSet>(self) -> OtelMetricsBuilder<L> {
        let Self { meter, choice, labels: _ } = self;
        OtelMetricsBuilder { meter, choice, labels: PhantomData }
    }
}

impl<L: LabelSet> OtelMetricsBuilder<L> {
    /// Advises these bounds for durations; by default those that the conventions advise. A view of the SDK may
    /// overrule either.
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.choice.bounds = bounds;
        self
    }

    /// Records `http.*.request.body.size` and `http.*.response.body.size`.
    pub fn with_body_sizes(mut self) -> Self {
        self.choice.body_sizes = Extra::Recorded;
        self
    }

    /// Records `tower_telemetry.head.duration`, the time to the response head, by route.
    pub fn with_head_times(mut self) -> Self {
        self.choice.head_times = Extra::Recorded;
        self
    }

    /// Makes the window.
    pub fn build(self) -> OtelMetrics<L> {
        OtelMetrics::of(Instruments::new(&self.meter, &self.choice))
    }
}

impl<L> fmt::Debug for OtelMetricsBuilder<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtelMetricsBuilder").field("choice", &self.choice).finish_non_exhaustive()
    }
}
