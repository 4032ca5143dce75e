//! The crate `metrics`, with `metrics-exporter-prometheus`.

use metrics::{counter, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};

use super::{Library, Page, count, seconds};
use crate::{
    Result,
    label::{self, BOUNDS, NAMES, Values},
};

pub(crate) const METRICS: Library = Library { name: "metrics", counters, histograms };

/// A recorder whose histograms have the usual bounds.
///
/// # Errors
///
/// It takes no such bounds.
pub(crate) fn recorder() -> Result<PrometheusRecorder> {
    Ok(PrometheusBuilder::new().set_buckets(&BOUNDS)?.build_recorder())
}

/// The labels as this crate takes them.
pub(crate) fn labels(values: Values) -> Vec<metrics::Label> {
    NAMES
        .into_iter()
        .zip(values.texts())
        .map(|(name, text)| metrics::Label::from_static_parts(name, text))
        .collect()
}

fn counters() -> Result<Page> {
    let recorder = recorder()?;
    with_local_recorder(&recorder, || {
        for (index, values) in label::all().into_iter().enumerate() {
            counter!("bench_requests_total", labels(values)).increment(count(index));
        }
    });
    Ok(page(&recorder))
}

fn histograms() -> Result<Page> {
    let recorder = recorder()?;
    with_local_recorder(&recorder, || {
        for (index, values) in label::all().into_iter().enumerate() {
            histogram!("bench_request_duration_seconds", labels(values)).record(seconds(index));
        }
    });
    Ok(page(&recorder))
}

fn page(recorder: &PrometheusRecorder) -> Page {
    let handle = recorder.handle();
    // What was recorded lies in a list until it is drained; a timer does that in a program.
    handle.run_upkeep();
    let mut page = Vec::new();
    Box::new(move || {
        page.clear();
        // An error leaves the page short, which the reader of its length finds.
        let _ = handle.render_to_write(&mut page);
        page.len()
    })
}
