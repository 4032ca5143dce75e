//! One recording of a duration with four labels.

use std::{
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use metrics::with_local_recorder;
use prometheus::{HistogramOpts, HistogramVec};
use tower_telemetry::metrics::{Bounds, Descriptor, Family, Histogram, Place, Store};

use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    label::{self, BOUNDS, NAMES, Values},
    library, measure,
};

/// Recordings of a thorough run.
const TIMES: usize = 5_000_000;

/// How many record at once.
#[derive(Debug, Clone, Copy)]
enum Threads {
    One,
    Two,
}

pub(crate) fn all() -> Vec<Case> {
    use Threads::{One, Two};
    let case = |name, threads, run: fn(Threads, Effort) -> Result<Readings>| {
        Case::new(name, move |effort| run(threads, effort)).beside("metric/empty-loop")
    };
    vec![
        case("metric/empty-loop", One, empty_loop),
        case("metric/limit-atomic", One, limit_atomic),
        case("metric/limit-atomic-2t", Two, limit_atomic),
        case("metric/ours-1t", One, ours),
        case("metric/ours-2t", Two, ours),
        case("metric/ours-labels-1t", One, ours_labels),
        case("metric/ours-labels-2t", Two, ours_labels),
        case("metric/prometheus-cached-1t", One, prometheus_cached),
        case("metric/prometheus-cached-2t", Two, prometheus_cached),
        case("metric/prometheus-labels-1t", One, prometheus_labels),
        case("metric/prometheus-labels-2t", Two, prometheus_labels),
        case("metric/promclient-cached", One, promclient_cached),
        case("metric/promclient-cached-2t", Two, promclient_cached),
        case("metric/metrics-cached", One, metrics_cached),
        case("metric/metrics-cached-2t", Two, metrics_cached),
        case("metric/otel-bound", One, otel_bound),
        case("metric/otel-bound-2t", Two, otel_bound),
        case("metric/otel-kv", One, otel_kv),
        case("metric/otel-kv-2t", Two, otel_kv),
    ]
}

fn empty_loop(threads: Threads, effort: Effort) -> Result<Readings> {
    repeated(threads, effort, |duration| {
        black_box(duration);
    })
}

/// The least that a histogram with these bounds can be.
fn limit_atomic(threads: Threads, effort: Effort) -> Result<Readings> {
    let bounds = BOUNDS.map(|seconds| (seconds * 1e9) as u64);
    let (buckets, sum) = ([const { AtomicU64::new(0) }; BOUNDS.len() + 1], AtomicU64::new(0));
    repeated(threads, effort, |duration| {
        let nanoseconds = duration.as_nanos() as u64;
        let at = bounds.partition_point(|bound| *bound < nanoseconds);
        if let Some(bucket) = buckets.get(at) {
            bucket.fetch_add(1, Relaxed);
        }
        sum.fetch_add(nanoseconds, Relaxed);
    })
}

fn ours(threads: Threads, effort: Effort) -> Result<Readings> {
    let (_store, family) = ours_family()?;
    let histogram = family.series(&label::one(), Place::Known);
    repeated(threads, effort, |duration| histogram.record(duration))
}

fn ours_labels(threads: Threads, effort: Effort) -> Result<Readings> {
    let (_store, family) = ours_family()?;
    repeated(threads, effort, |duration| {
        family.series(&black_box(label::one()), Place::Known).record(duration);
    })
}

fn prometheus_cached(threads: Threads, effort: Effort) -> Result<Readings> {
    let histogram = prometheus_family()?.with_label_values(&label::one().texts());
    repeated(threads, effort, |duration| histogram.observe(duration.as_secs_f64()))
}

fn prometheus_labels(threads: Threads, effort: Effort) -> Result<Readings> {
    let family = prometheus_family()?;
    let texts = label::one().texts();
    repeated(threads, effort, |duration| {
        family.with_label_values(&black_box(texts)).observe(duration.as_secs_f64());
    })
}

fn promclient_cached(threads: Threads, effort: Effort) -> Result<Readings> {
    let histogram = library::promclient_durations().get_or_create_owned(&label::one().into());
    repeated(threads, effort, |duration| histogram.observe(duration.as_secs_f64()))
}

/// Without the draining of what was recorded, which a timer does in a program.
fn metrics_cached(threads: Threads, effort: Effort) -> Result<Readings> {
    let recorder = library::metrics_recorder()?;
    let labels = library::metrics_labels(label::one());
    let histogram = with_local_recorder(&recorder, || metrics::histogram!("bench_seconds", labels));
    repeated(threads, effort, |duration| histogram.record(duration.as_secs_f64()))
}

fn otel_bound(threads: Threads, effort: Effort) -> Result<Readings> {
    let (_provider, histogram) = library::otel_durations();
    let bound = histogram.bind(&library::otel_attributes(label::one()));
    repeated(threads, effort, |duration| bound.record(duration.as_secs_f64()))
}

fn otel_kv(threads: Threads, effort: Effort) -> Result<Readings> {
    let (_provider, histogram) = library::otel_durations();
    repeated(threads, effort, |duration| {
        histogram.record(duration.as_secs_f64(), &library::otel_attributes(black_box(label::one())));
    })
}

fn ours_family() -> Result<(Store, std::sync::Arc<Family<Values, Histogram>>)> {
    let store = Store::new();
    let descriptor = Descriptor::new("bench.request.duration", "s", "Duration of requests.");
    let family = store.histogram_family::<Values>(descriptor, Bounds::from_seconds(&BOUNDS)?)?;
    Ok((store, family))
}

fn prometheus_family() -> Result<HistogramVec> {
    let options = HistogramOpts::new("bench_request_duration_seconds", "Duration of requests.");
    Ok(HistogramVec::new(options.buckets(BOUNDS.to_vec()), &NAMES)?)
}

/// Records durations over all buckets; to make them costs as much in every case, and stands in the empty loop.
fn repeated(threads: Threads, effort: Effort, record: impl Fn(Duration) + Sync) -> Result<Readings> {
    let one = |index: usize| record(black_box(Duration::from_nanos(library::nanoseconds(index))));
    let times = effort.of(TIMES);
    match threads {
        Threads::One => Ok(measure::each(times, one)),
        Threads::Two => measure::each_of(2, times, one),
    }
}
