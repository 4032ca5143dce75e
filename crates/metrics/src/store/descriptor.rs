//! What a family is called, what it counts in, and how large it may grow.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tower_telemetry_core::names::{Instrument, Metric};

use super::layout::Layout;

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
    extremes: Extremes,
    levels: Levels,
    idle_expiry: Option<Duration>,
}

/// Whether the gauges of a family note how low and how high they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extremes {
    Forgotten,
    Noted,
}

/// What the levels of a family are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Levels {
    /// Each by itself, as temperatures are.
    Apart,
    /// Parts of a whole, as lengths of queues are.
    Parts,
}

/// What a family measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A sum that only grows.
    Counter,
    /// A level whose series may be added up, such as requests in flight. Prometheus has no such kind and calls it a
    /// gauge; OTLP calls it a sum.
    UpDownCounter,
    /// A level by itself, such as a temperature.
    Gauge,
    /// Recordings in buckets.
    Histogram,
    /// Quantiles that somebody else has computed.
    Summary,
}

/// A kind with what its instruments are made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Counter,
    Gauge,
    FloatGauge,
    Histogram(Arc<Layout>),
    /// Of a collector, with these bounds.
    ToldHistogram(Arc<[f64]>),
    /// Of a collector.
    ToldSummary,
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
            extremes: Extremes::Forgotten,
            levels: Levels::Apart,
            idle_expiry: None,
        }
    }

    /// A metric of the table of names.
    pub const fn of(metric: Metric) -> Self {
        // The table takes its sentences from doc comments, which begin with a space.
        let descriptor = Self::new(metric.name, metric.unit, metric.help.trim_ascii_start());
        match metric.instrument {
            Instrument::UpDownCounter => descriptor.additive(),
            _ => descriptor,
        }
    }

    /// Declares a family whose name is found at run time, as a bridge to another registry does.
    pub fn from_owned(name: String, unit: String, help: String) -> Self {
        Self { name: name.into(), unit: unit.into(), help: help.into(), ..Self::new("", "", "") }
    }

    /// Sets how many series [`Place::Wire`](super::Place::Wire) keys may make, the overflow series included.
    #[must_use]
    pub const fn with_max_series(mut self, max_series: usize) -> Self {
        self.max_series = max_series;
        self
    }

    /// Has gauges note how low and how high they were: `NAME.min` and `NAME.max` tell the extremes of the last
    /// minute, so that a peak between two scrapes is seen by every reader. No effect on other kinds.
    ///
    /// A change of the gauge then also reads the clock.
    #[must_use]
    pub const fn with_extremes(mut self) -> Self {
        self.extremes = Extremes::Noted;
        self
    }

    /// Says of levels that they are parts of a whole: the items in each queue, not the temperature of each room.
    /// What can be added up is an [up-down counter](Kind::UpDownCounter) where that is told apart from a gauge. No
    /// effect on other kinds.
    #[must_use]
    pub const fn additive(mut self) -> Self {
        self.levels = Levels::Parts;
        self
    }

    /// Lets a series go that nobody holds a handle to and that recorded nothing for so long. It frees its place,
    /// and begins anew, at zero, when its labels come again.
    ///
    /// Snapshots do the sweeping, so it takes one to see a series rest and a later one to let it go. The overflow
    /// series stays. Lookups cost a little more in such a family.
    #[must_use]
    pub const fn with_idle_expiry(mut self, after: Duration) -> Self {
        self.idle_expiry = Some(after);
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

    pub(crate) const fn idle_expiry(&self) -> Option<Duration> {
        self.idle_expiry
    }

    pub(crate) const fn extremes(&self) -> Extremes {
        self.extremes
    }

    pub(crate) const fn levels(&self) -> Levels {
        self.levels
    }

    /// The same, of levels that cannot be added up: what was highest in each part was not so at one moment.
    pub(crate) const fn apart(mut self) -> Self {
        self.levels = Levels::Apart;
        self
    }

    /// The same, under another name and with another help.
    pub(crate) fn renamed(&self, name: String, help: String) -> Self {
        Self { name: name.into(), help: help.into(), ..self.clone() }
    }

    pub(crate) fn to_name(&self) -> Cow<'static, str> {
        self.name.clone()
    }
}

impl Shape {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Counter => Kind::Counter,
            Self::Gauge | Self::FloatGauge => Kind::Gauge,
            Self::Histogram(_) | Self::ToldHistogram(_) => Kind::Histogram,
            Self::ToldSummary => Kind::Summary,
        }
    }
}

impl Kind {
    /// The word of the `TYPE` line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::UpDownCounter | Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
