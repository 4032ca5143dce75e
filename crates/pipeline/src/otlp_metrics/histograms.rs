//! Histograms, with bounds of their own or exponential.

use std::time::SystemTime;

use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, ExponentialHistogram, ExponentialHistogramDataPoint, Histogram,
    HistogramDataPoint,
};
use tower_telemetry_metrics::{FamilySnapshot, HistogramValue, NativeValue, Series, Value};

use super::attributes::{self, nanos};
use super::exemplars;
use super::request::{Reading, keeper};

/// Which buckets are told of a family that has both kinds. One that has only one kind is told in that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    #[default]
    Explicit,
    Exponential,
}

/// A series at two moments.
struct Pair<'a> {
    series: Series<'a>,
    now: HistogramValue<'a>,
    /// What is to be taken off; `None` where the whole is told.
    before: Option<HistogramValue<'a>>,
    start: SystemTime,
}

/// Neighbouring buckets, from the index of the first.
type Run<'a> = (i32, &'a [u64]);

pub(crate) fn of(family: &FamilySnapshot, reading: &Reading<'_>) -> Option<Data> {
    let temporality = reading.temporality.of(keeper(family));
    let pairs = pairs(family, reading, temporality);
    let has_native = pairs.first()?.now.native().is_some();
    let aggregation_temporality = temporality.into();
    Some(if has_native && (reading.layout == Layout::Exponential || family.bounds().is_empty()) {
        let points = pairs.iter().filter_map(|pair| exponential(pair, reading));
        Data::ExponentialHistogram(ExponentialHistogram {
            data_points: points.collect(),
            aggregation_temporality,
        })
    } else {
        let points = pairs.iter().map(|pair| explicit(pair, reading));
        Data::Histogram(Histogram { data_points: points.collect(), aggregation_temporality })
    })
}

fn pairs<'a>(
    family: &'a FamilySnapshot,
    reading: &Reading<'a>,
    temporality: AggregationTemporality,
) -> Vec<Pair<'a>> {
    let earlier = match temporality {
        AggregationTemporality::Delta => reading.earlier(family),
        _ => Default::default(),
    };
    let pair = |series: Series<'a>| {
        let now = histogram(&series)?;
        match earlier.of(&series) {
            None => Some(Pair { series, now, before: None, start: reading.start_of(&series) }),
            Some((earlier, time)) => {
                let before = histogram(&earlier)?;
                // What a collector keeps may begin anew without saying so.
                if now.count() < before.count() {
                    return Some(Pair { series, now, before: None, start: time });
                }
                // A series that rests is left out: it would be most of the request.
                (now.count() != before.count()).then_some(Pair {
                    series,
                    now,
                    before: Some(before),
                    start: time,
                })
            }
        }
    };
    family.series().filter_map(pair).collect()
}

fn explicit(pair: &Pair<'_>, reading: &Reading<'_>) -> HistogramDataPoint {
    let Pair { series, now, before, start } = pair;
    let before_counts = before.map(|before| before.buckets()).unwrap_or_default();
    let bucket_counts = less(now.buckets(), before_counts.iter().copied());
    HistogramDataPoint {
        attributes: attributes::of(series.labels()),
        start_time_unix_nano: nanos(*start),
        time_unix_nano: nanos(reading.time),
        count: bucket_counts.iter().sum(),
        sum: Some(sum(now, before.as_ref())),
        bucket_counts,
        explicit_bounds: now.bounds().to_vec(),
        exemplars: exemplars::new(now.exemplars().flatten(), reading.told()),
        ..HistogramDataPoint::default()
    }
}

fn exponential<'a>(pair: &Pair<'a>, reading: &Reading<'_>) -> Option<ExponentialHistogramDataPoint> {
    let Pair { series, now, before, start } = pair;
    let native = now.native()?;
    let before_native = before.and_then(|before| before.native());
    // A range that has grown is told more coarsely than before; then what was before is made as coarse.
    let scale = before_native.map_or(native.schema(), |before| before.schema().min(native.schema()));
    let before_run =
        |run: fn(&NativeValue<'a>) -> Run<'a>| before_native.map(|native| at_scale(&native, scale, run));
    let positive =
        new_buckets(at_scale(&native, scale, NativeValue::positive), before_run(NativeValue::positive));
    let negative =
        new_buckets(at_scale(&native, scale, NativeValue::negative), before_run(NativeValue::negative));
    let zero_count =
        native.zero_count().saturating_sub(before_native.map_or(0, |before| before.zero_count()));
    Some(ExponentialHistogramDataPoint {
        attributes: attributes::of(series.labels()),
        start_time_unix_nano: nanos(*start),
        time_unix_nano: nanos(reading.time),
        count: counted(&positive) + counted(&negative) + zero_count,
        sum: Some(sum(now, before.as_ref())),
        scale,
        zero_count,
        positive: Some(positive),
        // Nobody wants to be told of buckets that hardly anything has.
        negative: (!negative.bucket_counts.is_empty()).then_some(negative),
        zero_threshold: native.zero_threshold(),
        exemplars: exemplars::new(now.exemplars().flatten(), reading.told()),
        ..ExponentialHistogramDataPoint::default()
    })
}

fn histogram<'a>(series: &Series<'a>) -> Option<HistogramValue<'a>> {
    match series.value() {
        Value::Histogram(histogram) => Some(histogram),
        _ => None,
    }
}

fn sum(now: &HistogramValue<'_>, before: Option<&HistogramValue<'_>>) -> f64 {
    now.sum() - before.map_or(0.0, HistogramValue::sum)
}

/// What is new of a run of buckets at one scale.
fn new_buckets((offset, counts): (i32, Vec<u64>), before: Option<(i32, Vec<u64>)>) -> Buckets {
    let Some((first, before)) = before else { return Buckets { offset, bucket_counts: counts } };
    let at = |index: i32| usize::try_from(index - first).ok().and_then(|at| before.get(at));
    let bucket_counts = less(&counts, (offset..).map(|index| at(index).copied().unwrap_or(0)));
    Buckets { offset, bucket_counts }
}

fn counted(buckets: &Buckets) -> u64 {
    buckets.bucket_counts.iter().sum()
}

/// `before` may end early.
fn less(now: &[u64], before: impl Iterator<Item = u64>) -> Vec<u64> {
    let before = before.chain(std::iter::repeat(0));
    now.iter().zip(before).map(|(now, before)| now.saturating_sub(before)).collect()
}

/// The first index and the counts at a scale that is not finer: each step merges pairs of neighbours.
fn at_scale<'a>(
    native: &NativeValue<'a>,
    scale: i32,
    run: fn(&NativeValue<'a>) -> Run<'a>,
) -> (i32, Vec<u64>) {
    let (offset, counts) = run(native);
    merged(offset, counts, (native.schema() - scale).max(0).unsigned_abs())
}

fn merged(offset: i32, counts: &[u64], steps: u32) -> (i32, Vec<u64>) {
    let first = offset >> steps.min(31);
    let mut merged: Vec<u64> = Vec::new();
    for (index, count) in (offset..).zip(counts) {
        let at = usize::try_from((index >> steps.min(31)) - first).unwrap_or(0);
        if merged.len() <= at {
            merged.resize(at + 1, 0);
        }
        if let Some(bucket) = merged.get_mut(at) {
            *bucket += count;
        }
    }
    (first, merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarser_scale_merges_neighbours() {
        assert_eq!(merged(3, &[1, 2, 3, 4], 0), (3, vec![1, 2, 3, 4]));
        assert_eq!(merged(3, &[1, 2, 3, 4], 1), (1, vec![1, 5, 4]));
        assert_eq!(merged(-3, &[1, 2, 3, 4], 1), (-2, vec![1, 5, 4]));
        assert_eq!(merged(-3, &[1, 2, 3, 4], 2), (-1, vec![6, 4]));
        assert_eq!(merged(0, &[], 2), (0, vec![]));
    }

    #[test]
    fn what_was_there_before_is_taken_off() {
        assert_eq!(less(&[3, 2, 1], [1, 2].into_iter()), [2, 0, 1]);
    }
}
