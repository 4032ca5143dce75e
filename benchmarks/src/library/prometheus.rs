//! The crate `prometheus`.

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use super::{Library, Page, count, seconds};
use crate::{
    Result,
    label::{self, BOUNDS, NAMES},
};

pub(crate) const PROMETHEUS: Library = Library { name: "prometheus", counters, histograms };

fn counters() -> Result<Page> {
    let registry = Registry::new();
    let family = IntCounterVec::new(Opts::new("bench_requests_total", "Requests."), &NAMES)?;
    registry.register(Box::new(family.clone()))?;
    for (index, values) in label::all().into_iter().enumerate() {
        family.with_label_values(&values.texts()).inc_by(count(index));
    }
    Ok(page(registry))
}

fn histograms() -> Result<Page> {
    let registry = Registry::new();
    let options = HistogramOpts::new("bench_request_duration_seconds", "Duration of requests.");
    let family = HistogramVec::new(options.buckets(BOUNDS.to_vec()), &NAMES)?;
    registry.register(Box::new(family.clone()))?;
    for (index, values) in label::all().into_iter().enumerate() {
        family.with_label_values(&values.texts()).observe(seconds(index));
    }
    Ok(page(registry))
}

/// Also the page of OpenTelemetry's exporter, which gathers into such a registry.
pub(super) fn page(registry: Registry) -> Page {
    let mut page = String::new();
    Box::new(move || {
        page.clear();
        // An error leaves the page short, which the reader of its length finds.
        let _ = TextEncoder::new().encode_utf8(&registry.gather(), &mut page);
        page.len()
    })
}
