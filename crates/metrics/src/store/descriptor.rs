//! What a family is called, what it counts in, and how large it may grow.

use std::borrow::Cow;
use std::fmt;

use tower_telemetry_core::names::Metric;

use super::bounds::Bounds;

/// The declared maximum of series when none is given: that of the OpenTelemetry SDKs.
const DEFAULT_MAX_SERIES: usize = 2000;

/// The declaration of a family, in the terms of OpenTelemetry.
///
/// ```
/// use tower_telemetry_metrics::Descriptor;
///
/// const DURATION: Descriptor =
///     Descriptor::new("http.server.request.duration", "s", "Duration of HTTP server requests.");
/// assert_eq!(DURATION.max_series(), 2000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    name: Cow<'static, str>,
    unit: Cow<'static, str>,
    help: Cow<'static, str>,
    max_series: usize,
}

/// What a family measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A sum that only grows.
    Counter,
    /// A level.
    Gauge,
    /// Durations in buckets.
    Histogram,
}

/// A kind with what its instruments are made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Counter,
    Gauge,
    Histogram(Bounds),
}

impl Descriptor {
    /// Declares a family. `name` is dotted (`http.server.request.duration`); `unit` is written in UCUM: `s`,
    /// `By`, `{request}`, `1`.
    pub const fn new(name: &'static str, unit: &'static str, help: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            unit: Cow::Borrowed(unit),
            help: Cow::Borrowed(help),
            max_series: DEFAULT_MAX_SERIES,
        }
    }

    /// A metric of the table of names.
    pub const fn of(metric: Metric) -> Self {
        Self::new(metric.name, metric.unit, metric.help)
    }

    /// Declares a family whose name is found at run time, as a bridge to another registry does.
    pub fn from_owned(name: String, unit: String, help: String) -> Self {
        Self { name: name.into(), unit: unit.into(), help: help.into(), max_series: DEFAULT_MAX_SERIES }
    }

    /// Sets how many series [`Place::Wire`](super::Place::Wire) keys may make, the overflow series included.
    #[must_use]
    pub const fn with_max_series(mut self, max_series: usize) -> Self {
        self.max_series = max_series;
        self
    }

    /// The dotted name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit, in UCUM.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// One sentence for the reader of a dashboard.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// The declared maximum of series.
    pub const fn max_series(&self) -> usize {
        self.max_series
    }

    pub(crate) fn to_name(&self) -> Cow<'static, str> {
        self.name.clone()
    }
}

impl Shape {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Counter => Kind::Counter,
            Self::Gauge => Kind::Gauge,
            Self::Histogram(_) => Kind::Histogram,
        }
    }
}

impl Kind {
    /// The word of the `TYPE` line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
