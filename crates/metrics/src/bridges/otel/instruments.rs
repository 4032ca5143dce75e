//! Each instrument of the API.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::metrics::{
    AsyncInstrumentBuilder, Counter, Gauge, InstrumentBuilder, InstrumentProvider, ObservableCounter,
    ObservableGauge, ObservableUpDownCounter, UpDownCounter,
};

use super::cell::{Cell, Form};
use super::observer::Observable;
use super::recorder::Recorder;
use super::shared::Shared;
use crate::store::{Descriptor, Kind};

type Text = Option<Cow<'static, str>>;

/// Makes the instruments of a meter. Those of histograms are the API's own, which record nothing.
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
        u64_counter, Counter<u64>, Counter, Counter, count;
        f64_counter, Counter<f64>, Counter, Float, grow;
        i64_up_down_counter, UpDownCounter<i64>, Gauge, Level, shift;
        f64_up_down_counter, UpDownCounter<f64>, Gauge, Float, change;
        u64_gauge, Gauge<u64>, Gauge, Level, set_unsigned;
        i64_gauge, Gauge<i64>, Gauge, Level, set;
        f64_gauge, Gauge<f64>, Gauge, Float, set_float;
    }

    observable! {
        u64_observable_counter, ObservableCounter<u64>, Counter;
        f64_observable_counter, ObservableCounter<f64>, Counter;
        i64_observable_up_down_counter, ObservableUpDownCounter<i64>, Gauge;
        f64_observable_up_down_counter, ObservableUpDownCounter<f64>, Gauge;
        u64_observable_gauge, ObservableGauge<u64>, Gauge;
        i64_observable_gauge, ObservableGauge<i64>, Gauge;
        f64_observable_gauge, ObservableGauge<f64>, Gauge;
    }
}

fn descriptor(name: Cow<'static, str>, unit: Text, description: Text) -> Descriptor {
    let text = |text: Text| text.unwrap_or_default().into_owned();
    Descriptor::from_owned(name.into_owned(), text(unit), text(description))
}
