//! Each instrument of the API.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::metrics::{
    AsyncInstrumentBuilder, Counter, Gauge, Histogram, HistogramBuilder, InstrumentBuilder,
    InstrumentProvider, ObservableCounter, ObservableGauge, ObservableUpDownCounter, UpDownCounter,
};

use super::cell::{Cell, Form};
use super::observer::Observable;
use super::recorder::Recorder;
use super::shared::Shared;
use crate::store::{Bounds, Descriptor, Kind, Layout, Measure};

type Text = Option<Cow<'static, str>>;

/// The bounds of a histogram that comes without advice (OpenTelemetry metrics SDK, "Explicit Bucket Histogram
/// Aggregation").
const DEFAULT_BOUNDS: [f64; 15] =
    [0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 10_000.0];

/// Makes the instruments of a meter.
pub(crate) struct Instruments {
    shared: Arc<Shared>,
}

impl Instruments {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

/// A method for each instrument that is recorded to.
macro_rules! synchronous {
    ($($method:ident, $instrument:ident<$number:ty>, $kind:ident, $form:ident, $record:ident;)+) => {$(
        fn $method(&self, builder: InstrumentBuilder<'_, $instrument<$number>>) -> $instrument<$number> {
            let descriptor = descriptor(builder.name, builder.unit, builder.description);
            let family = self.shared.family(descriptor, Kind::$kind, Form::$form);
            let record: fn(&Cell, $number) = Cell::$record;
            $instrument::new(Arc::new(Recorder { family, record }))
        }
    )+};
}

/// A method for each histogram.
macro_rules! histograms {
    ($($method:ident, $number:ty, $record:ident;)+) => {$(
        fn $method(&self, builder: HistogramBuilder<'_, Histogram<$number>>) -> Histogram<$number> {
            let descriptor = descriptor(builder.name, builder.unit, builder.description);
            let family = match bounds(builder.boundaries) {
                Some(bounds) => {
                    let layout = Layout::new(Measure::Float, bounds.into(), self.shared.clock());
                    self.shared.family(descriptor, Kind::Histogram, Form::Histogram(layout))
                }
                None => self.shared.nobodys(descriptor),
            };
            let record: fn(&Cell, $number) = Cell::$record;
            Histogram::new(Arc::new(Recorder { family, record }))
        }
    )+};
}

/// A method for each instrument that is asked.
macro_rules! observable {
    ($($method:ident, $instrument:ident<$number:ty>, $kind:ident;)+) => {$(
        fn $method(
            &self,
            builder: AsyncInstrumentBuilder<'_, $instrument<$number>, $number>,
        ) -> $instrument<$number> {
            let descriptor = descriptor(builder.name, builder.unit, builder.description);
            self.shared.observable(Observable { descriptor, kind: Kind::$kind, callbacks: builder.callbacks });
            $instrument::new()
        }
    )+};
}

impl InstrumentProvider for Instruments {
    synchronous! {
        u64_counter, Counter<u64>, Counter, Count, count;
        f64_counter, Counter<f64>, Counter, Sum, grow;
        i64_up_down_counter, UpDownCounter<i64>, UpDownCounter, Level, shift;
        f64_up_down_counter, UpDownCounter<f64>, UpDownCounter, Float, change;
        u64_gauge, Gauge<u64>, Gauge, Level, set_unsigned;
        i64_gauge, Gauge<i64>, Gauge, Level, set;
        f64_gauge, Gauge<f64>, Gauge, Float, set_float;
    }

    histograms! {
        f64_histogram, f64, observe;
        u64_histogram, u64, observe_unsigned;
    }

    observable! {
        u64_observable_counter, ObservableCounter<u64>, Counter;
        f64_observable_counter, ObservableCounter<f64>, Counter;
        i64_observable_up_down_counter, ObservableUpDownCounter<i64>, UpDownCounter;
        f64_observable_up_down_counter, ObservableUpDownCounter<f64>, UpDownCounter;
        u64_observable_gauge, ObservableGauge<u64>, Gauge;
        i64_observable_gauge, ObservableGauge<i64>, Gauge;
        f64_observable_gauge, ObservableGauge<f64>, Gauge;
    }
}

fn descriptor(name: Cow<'static, str>, unit: Text, description: Text) -> Descriptor {
    let text = |text: Text| text.unwrap_or_default().into_owned();
    Descriptor::from_owned(name.into_owned(), text(unit), text(description))
}

/// Those of the advice, or the default. `None` where the advice makes no histogram: then, as the API has it, the
/// instrument records nothing.
fn bounds(advice: Option<Vec<f64>>) -> Option<Bounds> {
    match advice {
        None => Bounds::from_floats(&DEFAULT_BOUNDS).ok(),
        // Count and sum alone are wanted.
        Some(none) if none.is_empty() => Some(Bounds::none(Measure::Float)),
        Some(advice) => Bounds::from_floats(&advice).ok(),
    }
}
