//! Why a family could not be registered.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use super::descriptor::Kind;

/// A declaration that contradicts itself or an earlier one. The text says what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterError {
    /// The name is no OpenTelemetry instrument name.
    Name {
        /// The name given.
        name: Cow<'static, str>,
    },
    /// Two label names are written alike, or one is not allowed here.
    LabelName {
        /// The metric.
        name: Cow<'static, str>,
        /// The label.
        label: &'static str,
    },
    /// The name stands for a metric of another kind.
    Kind {
        /// The metric.
        name: Cow<'static, str>,
        /// The kind it was registered with.
        registered: Kind,
        /// The kind asked for.
        wanted: Kind,
    },
    /// The name stands for a metric with another type of labels.
    Labels {
        /// The metric.
        name: Cow<'static, str>,
        /// The label type it was registered with.
        registered: &'static str,
        /// The label type asked for.
        wanted: &'static str,
    },
    /// The name stands for a metric in another unit.
    Unit {
        /// The metric.
        name: Cow<'static, str>,
        /// The unit it was registered with.
        registered: String,
        /// The unit asked for.
        wanted: String,
    },
    /// Bounds in seconds were given for whole numbers, or the other way round.
    Measure {
        /// The metric.
        name: Cow<'static, str>,
    },
    /// The name stands for gauges of whole numbers and others were asked for, or the other way round.
    Numbers {
        /// The metric.
        name: Cow<'static, str>,
    },
    /// The name stands for a histogram with other buckets.
    Bounds {
        /// The metric.
        name: Cow<'static, str>,
    },
    /// Another metric is written under the same name.
    Taken {
        /// The metric.
        name: Cow<'static, str>,
        /// The name both would be written under.
        written: String,
        /// The metric that has it.
        owner: Cow<'static, str>,
    },
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name } => write!(
                f,
                "{name:?} is no metric name: start with a letter, go on with letters, digits, `_`, `.`, `-` or `/`, \
                 and stop before 256 characters"
            ),
            Self::LabelName { name, label } => write!(
                f,
                "the label {label:?} of metric {name:?} is empty, written like another label, or `le` on a \
                 histogram: rename the label"
            ),
            Self::Kind { name, registered, wanted } => write!(
                f,
                "metric {name:?} is a {registered} and cannot be a {wanted}: ask for a {registered}, or choose \
                 another name"
            ),
            Self::Labels { name, registered, wanted } => write!(
                f,
                "metric {name:?} has the labels {registered} and cannot have {wanted}: use one label type for \
                 both, or choose another name"
            ),
            Self::Unit { name, registered, wanted } => write!(
                f,
                "metric {name:?} is in {registered:?} and cannot be in {wanted:?}: use one unit for both, or \
                 choose another name"
            ),
            Self::Measure { name } => write!(
                f,
                "histogram {name:?} mixes durations and whole numbers: give bounds from seconds to the one and from \
                 values to the other"
            ),
            Self::Numbers { name } => write!(
                f,
                "gauge {name:?} mixes whole numbers and others: ask for what it was registered with, or choose \
                 another name"
            ),
            Self::Bounds { name } => write!(
                f,
                "histogram {name:?} has other buckets already: give the same ones, or choose another name"
            ),
            Self::Taken { name, written, owner } => write!(
                f,
                "metric {name:?} would be written as `{written}`, like {owner:?}: choose another name"
            ),
        }
    }
}

impl Error for RegisterError {}
