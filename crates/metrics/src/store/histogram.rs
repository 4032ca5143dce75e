//! Durations counted into buckets.

use std::time::Duration;

use std::sync::Arc;

use tower_telemetry_core::{TraceIds, nanos};

use super::buckets::Buckets;
use super::clock::Clock;
use super::family_snapshot::FamilySnapshot;
use super::layout::Layout;
use super::measure::Measure;
use super::read::Read;
use super::tally::Tally;

/// A histogram of durations: two relaxed atomic operations to record.
///
/// There is no count beside the buckets: a reader adds the buckets up, so the two can never differ. The sum is
/// kept in whole nanoseconds. It wraps after 584 years of added-up time, which a reader of rates takes for a
/// restart. A recording that runs during a read may be in a bucket and not yet in the sum.
///
/// A series on which threads meet gets a copy of its counts per processor, so that they need not wait for each
/// other; a series that one thread at a time records to stays small.
#[derive(Debug)]
pub struct Histogram {
    tally: Tally,
}

impl Histogram {
    /// An empty histogram.
    pub fn new(buckets: impl Into<Buckets>) -> Self {
        Self::with_layout(Layout::new(Measure::Seconds, buckets.into(), Clock::system()))
    }

    /// Counts one duration. One above 584 years counts as 584 years.
    #[inline]
    pub fn record(&self, duration: Duration) {
        self.tally.record(nanos::saturating(duration));
    }

    /// Counts one duration, which a request of this trace took.
    ///
    /// If the trace is sampled and its bucket has had no exemplar since the last snapshot, it becomes one: then,
    /// and only then, a clock is read. It never waits for another thread.
    #[inline]
    pub fn record_with(&self, duration: Duration, trace: Option<&TraceIds>) {
        self.tally.record_with(nanos::saturating(duration), trace);
    }

    /// The number of recordings.
    pub fn count(&self) -> u64 {
        self.tally.count()
    }

    pub(crate) fn with_layout(layout: Arc<Layout>) -> Self {
        Self { tally: Tally::new(layout) }
    }
}

impl Read for Histogram {
    fn read(&self, family: &mut FamilySnapshot) {
        self.tally.read(family);
    }

    fn mark(&self) -> u64 {
        self.tally.count()
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::{Bounds, Native, Place, Store, Value};

    /// Buckets and sum of durations in milliseconds.
    fn check(buckets: impl Into<Buckets>, millis: &[u64], read: impl Fn(crate::HistogramValue<'_>)) {
        let store = Store::new();
        let wait = crate::Descriptor::new("wait", "s", "");
        let series = store.histogram_family::<()>(wait, buckets).unwrap().series(&(), Place::Known);
        millis.iter().for_each(|millis| series.record(Duration::from_millis(*millis)));
        let snapshot = store.snapshot();
        let series = snapshot.family("wait").unwrap().series().next().unwrap();
        let Value::Histogram(value) = series.value() else { panic!("{series:?}") };
        read(value);
    }

    #[test]
    fn a_duration_falls_into_the_first_bucket_that_holds_it() {
        check(Bounds::from_seconds(&[0.005, 1.0]).unwrap(), &[0, 5, 6, 1000, 1001], |value| {
            assert_eq!(value.buckets(), [2, 2, 1]);
            assert_eq!((value.sum(), value.count()), (2.012, 5));
            assert_eq!(value.native(), None);
        });
    }

    #[test]
    fn a_bound_belongs_to_its_own_bucket() {
        let bounds = Bounds::from_seconds(&[0.0, 0.005, 1.001]).unwrap();
        let layout = Layout::new(Measure::Seconds, bounds.into(), Clock::system());
        let buckets = [0, 1, 5_000_000, 5_000_001, 1_001_000_000, 1_001_000_001, u64::MAX];
        assert_eq!(buckets.map(|nanos| layout.bucket(nanos)), [0, 1, 1, 2, 2, 3, 3]);
    }

    #[test]
    fn the_longest_duration_is_counted_above_every_bound() {
        check(Bounds::default(), &[u64::MAX], |value| {
            assert_eq!(value.buckets().last(), Some(&1));
            assert_eq!(value.sum(), u64::MAX as f64 / 1e9);
        });
    }

    #[test]
    fn exponential_buckets_count_what_the_others_count() {
        let native = Native::default().with_schema(0);
        check(
            Buckets::Both(Bounds::from_seconds(&[0.6, 3.0]).unwrap(), native),
            &[0, 500, 1000, 1001, 4000],
            |value| {
                assert_eq!(value.buckets(), [2, 2, 1]);
                let native = value.native().unwrap();
                assert_eq!((native.schema(), native.zero_count(), native.count()), (0, 1, 5));
                assert_eq!(native.positive(), (-2, &[1, 1, 1, 1][..]));
                assert_eq!(native.sum(), value.sum());
            },
        );
    }

    #[test]
    fn exponential_buckets_alone_show_their_count_to_every_reader() {
        check(Native::default(), &[7, 8], |value| {
            assert_eq!((value.bounds(), value.buckets()), (&[][..], &[2][..]));
            assert_eq!(value.native().unwrap().schema(), 3);
        });
        check(Native::default(), &[], |value| {
            assert_eq!(value.native().unwrap().positive(), (0, &[][..]));
            assert_eq!(value.count(), 0);
        });
    }

    #[test]
    fn a_range_that_outgrows_its_buckets_is_shown_coarser_and_nothing_is_lost() {
        let millis: Vec<u64> = (0..40).map(|bits| 1 << bits).collect();
        check(Native::default().with_max_buckets(20), &millis, |value| {
            let native = value.native().unwrap();
            // 39 doublings: 313 buckets at 3, 20 at -1.
            assert_eq!((native.schema(), native.positive().1.len(), native.count()), (-1, 20, 40));
        });
    }

    #[test]
    fn as_many_buckets_as_allowed_are_shown_as_they_are() {
        // 1 to 256 ms at one bucket a doubling: nine buckets.
        let millis: Vec<u64> = (0..9).map(|bits| 1 << bits).collect();
        for (most, schema) in [(9, 0), (8, -1)] {
            let native = Native::default().with_schema(0).with_max_buckets(most);
            check(native, &millis, |value| {
                let native = value.native().unwrap();
                assert_eq!((native.schema(), native.count()), (schema, 9), "{most}");
            });
        }
    }
}
