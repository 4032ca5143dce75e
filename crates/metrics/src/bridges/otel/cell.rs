//! What an instrument records to.

use crate::store::{Counter, FloatGauge, Gauge, Number};

/// The number of one series.
#[derive(Debug)]
pub(crate) enum Cell {
    Counter(Counter),
    Level(Gauge),
    /// Sums, too: the instrument sees to it that they only grow.
    Float(FloatGauge),
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Counter,
    Level,
    Float,
}

impl Cell {
    pub(crate) fn new(form: Form) -> Self {
        match form {
            Form::Counter => Self::Counter(Counter::new()),
            Form::Level => Self::Level(Gauge::new()),
            Form::Float => Self::Float(FloatGauge::new()),
        }
    }

    pub(crate) fn number(&self) -> Number {
        match self {
            Self::Counter(counter) => counter.value().into(),
            Self::Level(gauge) => gauge.value().into(),
            Self::Float(gauge) => gauge.value().into(),
        }
    }

    pub(crate) fn count(&self, amount: u64) {
        if let Self::Counter(counter) = self {
            counter.add(amount);
        }
    }

    /// A sum that only grows takes nothing else (OpenTelemetry metrics API, "Counter operations").
    pub(crate) fn grow(&self, amount: f64) {
        if amount >= 0.0 {
            self.change(amount);
        }
    }

    pub(crate) fn shift(&self, amount: i64) {
        if let Self::Level(gauge) = self {
            gauge.add(amount);
        }
    }

    pub(crate) fn change(&self, amount: f64) {
        if let Self::Float(gauge) = self {
            gauge.add(amount);
        }
    }

    pub(crate) fn set(&self, level: i64) {
        if let Self::Level(gauge) = self {
            gauge.set(level);
        }
    }

    /// What is above the range of the store's gauges stays at its end.
    pub(crate) fn set_unsigned(&self, level: u64) {
        self.set(i64::try_from(level).unwrap_or(i64::MAX));
    }

    pub(crate) fn set_float(&self, level: f64) {
        if let Self::Float(gauge) = self {
            gauge.set(level);
        }
    }
}
