//! What is exported in batches: spans, log records.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use tower_telemetry_core::names::Metric;

use crate::otlp::Signal;

/// One of what is exported in batches, and all that differs from signal to signal.
pub(crate) trait Load: fmt::Debug + Send + Sized + 'static {
    /// The signal.
    const SIGNAL: Signal;
    /// What these are called in a sentence.
    const WORD: &'static str;
    /// What their counts are called.
    const COUNTS: CountNames;
    /// What their batches are chosen by.
    const VARIABLES: Variables;

    /// The request that tells of these.
    fn encode(batch: Vec<Self>, resource: &ResourceAttributesWithSchema) -> Bytes;

    /// What an answer says of those that were not taken.
    fn refused(answer: Bytes) -> Refused;
}

/// What a collector did not take, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) count: u64,
    pub(crate) reason: String,
}

/// The metrics of what became of each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountNames {
    pub(crate) finished: Metric,
    pub(crate) exported: Metric,
    pub(crate) dropped: Metric,
    pub(crate) waiting: Metric,
    pub(crate) capacity: Metric,
}

/// The variables of a batch processor, and the one default in which they differ.
///
/// <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variables {
    pub(crate) capacity: &'static str,
    pub(crate) batch: &'static str,
    /// What a batch that is too large is told.
    pub(crate) batch_expected: &'static str,
    pub(crate) delay: &'static str,
    pub(crate) patience: &'static str,
    pub(crate) default_delay: Duration,
}
