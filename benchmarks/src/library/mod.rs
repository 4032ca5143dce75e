//! The libraries, each as a maker of pages.

mod metrics;
mod opentelemetry;
mod ours;
mod promclient;
mod prometheus;

use self::{
    metrics::METRICS, opentelemetry::OPENTELEMETRY, ours::OURS, promclient::PROMCLIENT,
    prometheus::PROMETHEUS,
};
pub(crate) use self::{
    metrics::{labels as metrics_labels, recorder as metrics_recorder},
    opentelemetry::{attributes as otel_attributes, durations as otel_durations},
    promclient::durations as promclient_durations,
};

use crate::Result;

/// A registry with its series; a call writes the page and answers its length in bytes.
pub(crate) type Page = Box<dyn FnMut() -> usize>;

/// A metrics library.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Library {
    pub(crate) name: &'static str,
    /// Makes [`SERIES`](crate::label::SERIES) counters.
    pub(crate) counters: fn() -> Result<Page>,
    /// Makes as many histograms of the usual bounds, with a recording each.
    pub(crate) histograms: fn() -> Result<Page>,
}

pub(crate) const ALL: [Library; 5] = [OURS, PROMETHEUS, PROMCLIENT, METRICS, OPENTELEMETRY];

/// A number of some digits, another for each series.
pub(crate) const fn count(index: usize) -> u64 {
    index as u64 * 7_919 + 1
}

/// A duration in nanoseconds, another for each series: up to 12 s, so that all buckets are met.
pub(crate) const fn nanoseconds(index: usize) -> u64 {
    (index as u64 * 7_919_001) % 12_000_000_000
}

/// The same in seconds.
pub(crate) fn seconds(index: usize) -> f64 {
    nanoseconds(index) as f64 / 1e9
}
