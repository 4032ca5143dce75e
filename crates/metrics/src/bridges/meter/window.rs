//! The window as a signal.

use std::fmt;
use std::sync::Arc;

use http::request;
use opentelemetry::metrics::Meter;
use tower_telemetry_core::{Exchange, Signal, Window};

use super::builder::OtelMetricsBuilder;
use super::instruments::Instruments;
use super::observer::OtelMetricsObserver;
use crate::label_set::LabelSet;

/// The metrics window for programs that have an OpenTelemetry SDK already: it records to a [`Meter`] of theirs what
/// [`Metrics`](crate::Metrics) records to a store, under the same names and attributes, those of the semantic
/// conventions.
///
/// ```
/// use tower_telemetry_core::SignalExt;
/// use tower_telemetry_metrics::OtelMetrics;
///
/// let metrics = OtelMetrics::new(&opentelemetry::global::meter("shop"));
/// let layer = metrics.server(); // or `.client()`
/// # let _ = layer;
/// ```
///
/// - **Stands** anywhere; inside the trace window, an SDK that keeps exemplars finds the span. It may stand beside
///   [`Metrics`](crate::Metrics): the two are two windows.
/// - **Reads** and **writes** no header.
/// - **Emits** `http.{server,client}.request.duration`, `rpc.{server,client}.call.duration`, what is in flight,
///   `tower_telemetry.ready.wait` and `tower_telemetry.exchanges.{started,ended}`.
/// - **Costs** what the SDK does for five measurements. No allocation of its own.
///
/// # Cardinality
///
/// No attribute is a text from the wire. Series are bounded by the SDK, which keeps no places for known routes.
pub struct OtelMetrics<L: LabelSet = ()> {
    instruments: Arc<Instruments<L>>,
}

impl OtelMetrics {
    /// A window that records to this meter.
    #[must_use]
    pub fn new(meter: &Meter) -> Self {
        Self::builder(meter).build()
    }

    /// A window with a change of mind.
    pub fn builder(meter: &Meter) -> OtelMetricsBuilder {
        OtelMetricsBuilder::new(meter)
    }
}

impl<L: LabelSet> OtelMetrics<L> {
    pub(crate) fn of(instruments: Instruments<L>) -> Self {
        Self { instruments: Arc::new(instruments) }
    }
}

impl<L: LabelSet> Signal for OtelMetrics<L> {
    const WINDOW: Window = Window::OTEL_METRICS;

    type Observer = OtelMetricsObserver<L>;

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) -> OtelMetricsObserver<L> {
        OtelMetricsObserver::new(Arc::clone(&self.instruments), exchange)
    }
}

impl<L: LabelSet> Clone for OtelMetrics<L> {
    fn clone(&self) -> Self {
        Self { instruments: Arc::clone(&self.instruments) }
    }
}

impl<L: LabelSet> fmt::Debug for OtelMetrics<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtelMetrics").finish_non_exhaustive()
    }
}
