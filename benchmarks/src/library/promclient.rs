//! The crate `prometheus-client`.

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

use super::{Library, Page, count, seconds};
use crate::{
    Result,
    label::{self, BOUNDS, Values},
};

pub(crate) const PROMCLIENT: Library = Library { name: "promclient", counters, histograms };

/// The labels as this crate derives them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct LabelSet {
    http_request_method: &'static str,
    http_response_status_code: u16,
    http_route: &'static str,
    network_protocol_version: &'static str,
}

impl From<Values> for LabelSet {
    fn from(Values { method, status, route, version }: Values) -> Self {
        Self {
            http_request_method: method,
            http_response_status_code: status,
            http_route: route,
            network_protocol_version: version,
        }
    }
}

/// A family of histograms of the usual bounds.
pub(crate) fn durations() -> Family<LabelSet, Histogram, fn() -> Histogram> {
    Family::new_with_constructor(|| Histogram::new(BOUNDS))
}

fn counters() -> Result<Page> {
    let mut registry = Registry::default();
    let family = Family::<LabelSet, Counter>::default();
    registry.register("bench_requests", "Requests", family.clone());
    for (index, values) in label::all().into_iter().enumerate() {
        family.get_or_create(&values.into()).inc_by(count(index));
    }
    Ok(page(registry))
}

fn histograms() -> Result<Page> {
    let mut registry = Registry::default();
    let family = durations();
    registry.register("bench_request_duration_seconds", "Duration of requests", family.clone());
    for (index, values) in label::all().into_iter().enumerate() {
        family.get_or_create(&values.into()).observe(seconds(index));
    }
    Ok(page(registry))
}

fn page(registry: Registry) -> Page {
    let mut page = String::new();
    Box::new(move || {
        page.clear();
        // An error leaves the page short, which the reader of its length finds.
        let _ = text::encode(&mut page, &registry);
        page.len()
    })
}
