//! What an instrument records to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::SystemTime;

use super::active_span;
use crate::store::{
    Clock, Counter, FamilySnapshot, FloatGauge, FloatHistogram, Gauge, Layout, Measure, Number, Read, Shape,
    Slot,
};

/// The value of one series.
#[derive(Debug)]
pub(crate) struct Cell {
    value: Value,
    pub(crate) created: SystemTime,
}

#[derive(Debug)]
enum Value {
    Count(Counter),
    /// A sum that only grows.
    Sum {
        sum: FloatGauge,
        slot: Slot,
        clock: Clock,
        refused: Arc<AtomicU64>,
    },
    Level(Gauge),
    Float(FloatGauge),
    Histogram(FloatHistogram),
}

/// Which of them.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Count,
    Sum,
    Level,
    Float,
    Histogram(Arc<Layout>),
}

impl Cell {
    pub(crate) fn new(form: &Form, clock: &Clock, refused: &Arc<AtomicU64>) -> Self {
        let refused = || Arc::clone(refused);
        let value = match form {
            Form::Count => Value::Count(Counter::with_clock(clock.clone())),
            Form::Sum => Value::Sum {
                sum: FloatGauge::counting_into(refused()),
                slot: Slot::new(),
                clock: clock.clone(),
                refused: refused(),
            },
            Form::Level => Value::Level(Gauge::new()),
            Form::Float => Value::Float(FloatGauge::counting_into(refused())),
            Form::Histogram(layout) => {
                Value::Histogram(FloatHistogram::counting_into(Arc::clone(layout), refused()))
            }
        };
        Self { value, created: clock.now() }
    }

    pub(crate) fn read(&self, family: &mut FamilySnapshot) {
        match &self.value {
            Value::Count(counter) => counter.read(family),
            Value::Sum { sum, slot, .. } => {
                family.push_marked(Number::Float(sum.value()), slot.read(Measure::Float));
            }
            Value::Level(gauge) => gauge.read(family),
            Value::Float(gauge) => gauge.read(family),
            Value::Histogram(histogram) => histogram.read(family),
        }
    }

    pub(crate) fn count(&self, amount: u64) {
        if let Value::Count(counter) = &self.value {
            counter.add_with(amount, active_span::sampled().as_ref());
        }
    }

    /// A sum that only grows takes nothing else (OpenTelemetry metrics API, "Counter operations").
    pub(crate) fn grow(&self, amount: f64) {
        let Value::Sum { sum, slot, clock, refused } = &self.value else { return };
        if amount.is_finite() && amount >= 0.0 {
            sum.add(amount);
            if let Some(ids) = active_span::sampled() {
                slot.offer(&ids, Measure::float_steps(amount), clock);
            }
        } else {
            refused.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn shift(&self, amount: i64) {
        if let Value::Level(gauge) = &self.value {
            gauge.add(amount);
        }
    }

    pub(crate) fn change(&self, amount: f64) {
        if let Value::Float(gauge) = &self.value {
            gauge.add(amount);
        }
    }

    pub(crate) fn set(&self, level: i64) {
        if let Value::Level(gauge) = &self.value {
            gauge.set(level);
        }
    }

    /// What is above the range of the store's gauges stays at its end.
    pub(crate) fn set_unsigned(&self, level: u64) {
        self.set(i64::try_from(level).unwrap_or(i64::MAX));
    }

    pub(crate) fn set_float(&self, level: f64) {
        if let Value::Float(gauge) = &self.value {
            gauge.set(level);
        }
    }

    pub(crate) fn observe(&self, number: f64) {
        if let Value::Histogram(histogram) = &self.value {
            histogram.record_with(number, active_span::sampled().as_ref());
        }
    }

    /// Beyond 2^53 the nearest float.
    pub(crate) fn observe_unsigned(&self, number: u64) {
        self.observe(number as f64);
    }
}

impl Form {
    /// What a snapshot of such cells is made of.
    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Count | Self::Sum => Shape::Counter,
            Self::Level => Shape::Gauge,
            Self::Float => Shape::FloatGauge,
            Self::Histogram(layout) => Shape::Histogram(Arc::clone(layout)),
        }
    }
}
