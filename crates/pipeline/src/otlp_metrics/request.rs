//! A snapshot as one request of OTLP.

use std::time::SystemTime;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::metrics::v1::{Metric, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::Resource;
use tower_telemetry_core::names::{self, metric};
use tower_telemetry_metrics::{FamilySnapshot, Kind, Series, Snapshot};

use super::baseline::{Baseline, Earlier};
use super::histograms::{self, Layout};
use super::numbers;
use super::summaries;
use super::temporality::{Keeper, Temporality};

/// What was read, when, and how it is to be told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) time: SystemTime,
    /// When counting began, for series that do not say.
    pub(crate) start: SystemTime,
    pub(crate) before: Option<&'a Baseline>,
    pub(crate) temporality: Temporality,
    pub(crate) layout: Layout,
}

/// The request that tells it.
pub(crate) fn of(resource: &Resource, reading: Reading<'_>) -> ExportMetricsServiceRequest {
    // The resource travels with the request; the family that shows it on a page would repeat it.
    let families = reading.snapshot.families().iter();
    let families = families.filter(|family| family.descriptor().name() != metric::TARGET_INFO.name);
    let scope = ScopeMetrics {
        scope: Some(InstrumentationScope {
            name: "tower-telemetry".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        }),
        metrics: families.filter_map(|family| tell(family, &reading)).collect(),
        schema_url: names::SCHEMA_URL.to_owned(),
    };
    let resource_metrics = ResourceMetrics {
        resource: Some(resource.into()),
        scope_metrics: vec![scope],
        schema_url: resource.schema_url().unwrap_or_default().to_owned(),
    };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }
}

impl<'a> Reading<'a> {
    /// What the collector knows of the family.
    pub(crate) fn earlier(&self, family: &FamilySnapshot) -> Earlier<'a> {
        self.before.map(|before| before.family(family.descriptor().name())).unwrap_or_default()
    }

    /// Until when it knows of exemplars.
    pub(crate) fn told(&self) -> Option<SystemTime> {
        self.before.map(|before| before.time)
    }

    /// Since when the series counts.
    pub(crate) fn start_of(&self, series: &Series<'_>) -> SystemTime {
        series.created().unwrap_or(self.start).min(self.time)
    }
}

/// Who keeps the numbers of the family. Collectors do not say since when there is a series.
pub(crate) fn keeper(family: &FamilySnapshot) -> Keeper {
    match family.series().next().and_then(|series| series.created()) {
        Some(_) => Keeper::Store,
        None => Keeper::Collector,
    }
}

/// `None` where there is nothing to tell.
fn tell(family: &FamilySnapshot, reading: &Reading<'_>) -> Option<Metric> {
    let data = match family.kind() {
        Kind::Counter => numbers::sum(family, reading),
        Kind::Histogram => histograms::of(family, reading),
        Kind::Summary => summaries::of(family, reading),
        _ => numbers::level(family, reading),
    };
    let descriptor = family.descriptor();
    Some(Metric {
        name: descriptor.name().to_owned(),
        description: descriptor.help().to_owned(),
        unit: descriptor.unit().to_owned(),
        metadata: Vec::new(),
        data: Some(data?),
    })
}
