//! What a page tells.

use std::collections::BTreeMap;

/// Names and values, unescaped.
pub type Labels = BTreeMap<String, String>;

/// A metric family: metadata, and samples in their order.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Family {
    /// The name, without the suffix of a sample.
    pub name: String,
    /// What the family measures; [`Kind::Unknown`] unless said.
    pub kind: Kind,
    /// The unit, which is the last word of the name; empty unless said.
    pub unit: String,
    /// The help text; empty unless said.
    pub help: String,
    /// The samples. Of those given twice for one time, the first.
    pub samples: Vec<Sample>,
}

/// One line of a family.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sample {
    /// The name, with its suffix.
    pub name: String,
    /// The labels.
    pub labels: Labels,
    /// The value.
    pub value: f64,
    /// The seconds since 1970, if said.
    pub timestamp: Option<f64>,
    /// The exemplar, if there is one.
    pub exemplar: Option<Exemplar>,
}

/// One recording that stands for others.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exemplar {
    /// The labels, such as `trace_id`: at most 128 code points.
    pub labels: Labels,
    /// What was recorded.
    pub value: f64,
    /// The seconds since 1970, if said.
    pub timestamp: Option<f64>,
}

/// The type of a family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the standard's word")]
pub enum Kind {
    #[default]
    Unknown,
    Gauge,
    Counter,
    StateSet,
    Info,
    Histogram,
    GaugeHistogram,
    Summary,
}

/// The sample of this name with exactly these labels, in any order.
pub fn find<'a>(families: &'a [Family], name: &str, labels: &[(&str, &str)]) -> Option<&'a Sample> {
    families.iter().flat_map(|family| &family.samples).find(|sample| {
        sample.name == name
            && sample.labels.len() == labels.len()
            && labels.iter().all(|(name, value)| sample.labels.get(*name).is_some_and(|given| given == value))
    })
}

impl Kind {
    /// The type of the `TYPE` line's last word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "unknown" => Self::Unknown,
            "gauge" => Self::Gauge,
            "counter" => Self::Counter,
            "stateset" => Self::StateSet,
            "info" => Self::Info,
            "histogram" => Self::Histogram,
            "gaugehistogram" => Self::GaugeHistogram,
            "summary" => Self::Summary,
            _ => return None,
        })
    }

    /// What the names of samples end in, after the name of the family.
    pub(crate) fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Unknown | Self::Gauge | Self::StateSet => &[""],
            Self::Counter => &["_total", "_created"],
            Self::Info => &["_info"],
            Self::Histogram => &["_bucket", "_count", "_sum", "_created"],
            Self::GaugeHistogram => &["_bucket", "_gcount", "_gsum"],
            Self::Summary => &["", "_count", "_sum", "_created"],
        }
    }

    pub(crate) fn has_buckets(self) -> bool {
        matches!(self, Self::Histogram | Self::GaugeHistogram)
    }
}
