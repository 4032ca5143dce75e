//! `opentelemetry_sdk`, read by `opentelemetry-prometheus`.

use opentelemetry::{
    KeyValue,
    metrics::{Histogram, Meter, MeterProvider},
};
use opentelemetry_sdk::metrics::{Instrument, ManualReader, SdkMeterProvider, Stream};
use prometheus::Registry;

use super::{Library, Page, count, prometheus::page, seconds};
use crate::{
    Result,
    label::{self, BOUNDS, Values},
};

pub(crate) const OPENTELEMETRY: Library = Library { name: "otel", counters, histograms };

/// The SDK stops at 2,000 series unless told otherwise.
const LIMIT: usize = 50_000;

/// A histogram of the usual bounds, read by nobody; the provider has to live as long.
pub(crate) fn durations() -> (SdkMeterProvider, Histogram<f64>) {
    let provider = SdkMeterProvider::builder().with_reader(ManualReader::builder().build()).build();
    let histogram = histogram(&provider.meter("bench"));
    (provider, histogram)
}

/// The labels as the SDK takes them.
pub(crate) fn attributes(Values { method, status, route, version }: Values) -> [KeyValue; 4] {
    [
        KeyValue::new("http.request.method", method),
        KeyValue::new("http.response.status_code", i64::from(status)),
        KeyValue::new("http.route", route),
        KeyValue::new("network.protocol.version", version),
    ]
}

fn counters() -> Result<Page> {
    let (registry, provider) = exported()?;
    let counter = provider.meter("bench").u64_counter("bench.requests").with_description("Requests.").build();
    for (index, values) in label::all().into_iter().enumerate() {
        counter.add(count(index), &attributes(values));
    }
    Ok(kept(registry, provider))
}

fn histograms() -> Result<Page> {
    let (registry, provider) = exported()?;
    let histogram = histogram(&provider.meter("bench"));
    for (index, values) in label::all().into_iter().enumerate() {
        histogram.record(seconds(index), &attributes(values));
    }
    Ok(kept(registry, provider))
}

fn histogram(meter: &Meter) -> Histogram<f64> {
    meter
        .f64_histogram("bench.request.duration")
        .with_unit("s")
        .with_description("Duration of requests.")
        .with_boundaries(BOUNDS.to_vec())
        .build()
}

fn exported() -> Result<(Registry, SdkMeterProvider)> {
    let registry = Registry::new();
    let exporter =
        opentelemetry_prometheus::exporter().with_registry(registry.clone()).without_target_info().build()?;
    let unlimited = |_: &Instrument| Stream::builder().with_cardinality_limit(LIMIT).build().ok();
    Ok((registry, SdkMeterProvider::builder().with_reader(exporter).with_view(unlimited).build()))
}

/// The page, with the provider that it reads.
fn kept(registry: Registry, provider: SdkMeterProvider) -> Page {
    let mut page = page(registry);
    Box::new(move || {
        let _ = &provider;
        page()
    })
}
