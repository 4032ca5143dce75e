//! The same observations, given to this store and to others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::time::Duration;

use prometheus::core::Collector;
use proptest::prelude::*;
use tower_telemetry_metrics::{Bounds, Buckets, Descriptor, Native, Place, Store};

const SECONDS: [f64; 8] = [0.001, 0.005, 0.01, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Milliseconds, so that a float holds each exactly enough for the others to see the same bucket.
fn check(millis: &[u64]) {
    let store = Store::new();
    let bounds = Bounds::from_seconds(&SECONDS).unwrap();
    let ours = Buckets::Both(bounds, Native::default());
    let ours = store.histogram_family::<()>(Descriptor::new("wait", "s", ""), ours).unwrap();
    let ours = ours.series(&(), Place::Known);
    let floats = Bounds::from_floats(&SECONDS).unwrap();
    let floats = store.float_histogram_family::<()>(Descriptor::new("floats", "s", ""), floats).unwrap();
    let floats = floats.series(&(), Place::Known);
    let options = prometheus::HistogramOpts::new("wait", "wait").buckets(SECONDS.to_vec());
    let theirs = prometheus::Histogram::with_opts(options).unwrap();
    let others = prometheus_client::metrics::histogram::Histogram::new(SECONDS);
    for millis in millis {
        ours.record(Duration::from_millis(*millis));
        floats.record(*millis as f64 / 1000.0);
        theirs.observe(*millis as f64 / 1000.0);
        others.observe(*millis as f64 / 1000.0);
    }

    let snapshot = store.snapshot();
    let ours = snapshot.histogram("wait", &[]).unwrap();
    let cumulative: Vec<u64> = ours
        .buckets()
        .iter()
        .scan(0, |sum, bucket| {
            *sum += bucket;
            Some(*sum)
        })
        .collect();
    let floats = snapshot.histogram("floats", &[]).unwrap();
    assert_eq!(floats.buckets(), ours.buckets());
    let families = theirs.collect();
    let theirs = families[0].get_metric()[0].get_histogram();
    let their_buckets: Vec<u64> =
        theirs.get_bucket().iter().map(|bucket| bucket.cumulative_count()).collect();
    assert_eq!(cumulative[..SECONDS.len()], their_buckets);
    assert_eq!(ours.count(), theirs.get_sample_count());
    let close = |one: f64, other: f64| (one - other).abs() <= 1e-9 * other.abs().max(1.0);
    assert!(close(ours.sum(), theirs.get_sample_sum()), "{} {}", ours.sum(), theirs.get_sample_sum());
    assert_eq!(floats.sum(), theirs.get_sample_sum(), "the same floats in the same order");
    // Ours is exact; theirs adds floats up.
    assert_eq!(ours.sum(), millis.iter().sum::<u64>() as f64 / 1000.0);

    let mut registry = prometheus_client::registry::Registry::default();
    registry.register("wait", "wait", others);
    let mut page = String::new();
    prometheus_client::encoding::text::encode(&mut page, &registry).unwrap();
    let others: Vec<u64> = page
        .lines()
        .filter(|line| line.starts_with("wait_bucket"))
        .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(cumulative, others);

    let native = ours.native().unwrap();
    assert_eq!(native.count(), ours.count());
    // By the formula, in floats.
    let (offset, counts) = native.positive();
    let base = f64::exp2(f64::exp2(-f64::from(native.schema())));
    for (bucket, count) in counts.iter().enumerate() {
        let low = base.powi(offset + bucket as i32);
        let within = |millis: &&u64| {
            let seconds = **millis as f64 / 1000.0;
            low * (1.0 + 1e-12) < seconds && seconds <= low * base * (1.0 + 1e-12)
        };
        assert_eq!(*count, millis.iter().filter(within).count() as u64, "above {low}");
    }
}

#[test]
fn ten_thousand_observations_read_alike_everywhere() {
    let mut random: u64 = 7;
    let millis = (0..10_000).map(|round: u32| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % (10_u64 << (round % 12))
    });
    check(&millis.collect::<Vec<_>>());
    check(&[]);
}

proptest! {
    #[test]
    fn any_observations_read_alike_everywhere(millis in prop::collection::vec(0..100_000_u64, 0..200)) {
        check(&millis);
    }
}
