//! Models of the store's atomics: every interleaving of a few threads, within loom's bounds.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p tower-telemetry-metrics --release --lib loom`

use std::num::NonZeroU64;
use std::sync::Arc as StdArc;
use std::time::{Duration, SystemTime};

use loom::sync::Arc;
use loom::thread;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};

use self::once_words::OnceWords;
use super::descriptor::Shape;
use super::family_snapshot::FamilySnapshot;
use super::measure::Measure;
use super::read::Read;
use super::slot::Slot;
use super::{
    Bounds, Buckets, Clock, Counter, Descriptor, Family, FloatHistogram, Histogram, LabelValue, Labels,
    ManualClock, Native, Place,
};

/// What the ids of an exchange are told in: the core does not depend on what loom brings.
#[path = "../../../core/src/once_words.rs"]
mod once_words;

/// Ids whose every byte tells which recording they belong to.
fn ids(number: u8) -> TraceIds {
    TraceIds {
        trace_id: TraceId::from_bytes([number; 16]).unwrap(),
        span_id: SpanId::from_bytes([number; 8]).unwrap(),
        flags: TraceFlags::SAMPLED,
    }
}

#[test]
fn no_exemplar_is_put_together_from_two() {
    loom::model(|| {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH).clock();
        let slot = Arc::new(Slot::new());
        slot.offer(&ids(1), 1, &clock);
        // Read once, so that the next offer is taken.
        assert!(slot.read(Measure::Whole).is_some());
        let writer = {
            let (slot, clock) = (Arc::clone(&slot), clock.clone());
            thread::spawn(move || slot.offer(&ids(2), 2, &clock))
        };
        if let Some(read) = slot.read(Measure::Whole) {
            let number = read.value as u8;
            assert_eq!((read.trace_id, read.span_id), (ids(number).trace_id, ids(number).span_id));
        }
        writer.join().unwrap();
        assert_eq!(slot.read(Measure::Whole).unwrap().value, 2.0);
    });
}

#[test]
fn two_writers_leave_one_whole_exemplar() {
    loom::model(|| {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH).clock();
        let slot = Arc::new(Slot::new());
        let writers = [1, 2].map(|number| {
            let (slot, clock) = (Arc::clone(&slot), clock.clone());
            thread::spawn(move || slot.offer(&ids(number), number.into(), &clock))
        });
        for writer in writers {
            writer.join().unwrap();
        }
        let read = slot.read(Measure::Whole).unwrap();
        assert_eq!(
            (read.trace_id, read.span_id),
            (ids(read.value as u8).trace_id, ids(read.value as u8).span_id)
        );
    });
}

#[test]
fn a_counter_that_is_split_under_way_loses_nothing() {
    loom::model(|| {
        let counter = Arc::new(Counter::with_clock(Clock::system()));
        let other = Arc::clone(&counter);
        let writer = thread::spawn(move || {
            other.add(1);
            other.add(10);
        });
        counter.add(100);
        writer.join().unwrap();
        assert_eq!(counter.value(), 111);
    });
}

/// Three threads, so that one may come while another makes the copies.
#[test]
fn a_histogram_that_is_split_under_way_loses_nothing() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let bounds = Bounds::from_seconds(&[1.0]).unwrap();
        let layout = super::layout::Layout::new(Measure::Seconds, bounds.into(), Clock::system());
        let histogram = Arc::new(Histogram::with_layout(StdArc::clone(&layout)));
        let writers = [1, 3].map(|seconds| {
            let histogram = Arc::clone(&histogram);
            thread::spawn(move || histogram.record(Duration::from_secs(seconds)))
        });
        histogram.record(Duration::from_secs(2));
        for writer in writers {
            writer.join().unwrap();
        }
        let mut family = FamilySnapshot::new(Descriptor::new("wait", "s", ""), Shape::Histogram(layout));
        histogram.read(&mut family);
        let series = family.series().next().unwrap();
        let super::Value::Histogram(value) = series.value() else { panic!("{series:?}") };
        assert_eq!((value.count(), value.sum()), (3, 6.0));
    });
}

/// The sum of floats is exchanged, never added to: whoever comes too late has to see what came before.
#[test]
fn a_sum_of_floats_loses_nothing() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let bounds = Bounds::from_floats(&[1.0]).unwrap();
        let layout = super::layout::Layout::new(Measure::Float, bounds.into(), Clock::system());
        let refused = StdArc::default();
        let histogram = Arc::new(FloatHistogram::counting_into(StdArc::clone(&layout), refused));
        let writers = [0.25, 4.0].map(|number| {
            let histogram = Arc::clone(&histogram);
            thread::spawn(move || histogram.record(number))
        });
        histogram.record(2.5);
        for writer in writers {
            writer.join().unwrap();
        }
        let mut family = FamilySnapshot::new(Descriptor::new("load", "1", ""), Shape::Histogram(layout));
        histogram.read(&mut family);
        let series = family.series().next().unwrap();
        let super::Value::Histogram(value) = series.value() else { panic!("{series:?}") };
        assert_eq!((value.buckets(), value.sum()), (&[1, 2][..], 6.75));
    });
}

/// In any reading, however early, a recording is in both kinds of buckets or in none.
#[test]
fn both_kinds_of_buckets_agree_in_every_reading() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let native = Native::default().with_schema(-4);
        let layout = super::layout::Layout::new(
            Measure::Whole,
            Buckets::Both(Bounds::from_values(&[5.0]).unwrap(), native),
            Clock::system(),
        );
        let histogram = Arc::new(super::ValueHistogram::with_layout(StdArc::clone(&layout)));
        let other = Arc::clone(&histogram);
        let writer = thread::spawn(move || {
            other.record(3);
            other.record(9);
        });
        let mut family = FamilySnapshot::new(Descriptor::new("size", "", ""), Shape::Histogram(layout));
        histogram.read(&mut family);
        let series = family.series().next().unwrap();
        let super::Value::Histogram(value) = series.value() else { panic!("{series:?}") };
        assert_eq!(value.native().unwrap().count(), value.count());
        writer.join().unwrap();
    });
}

/// An instrument that models nothing: the race is that for places.
#[derive(Debug, Default)]
struct Nothing;

impl Read for Nothing {
    fn read(&self, _: &mut FamilySnapshot) {}

    fn mark(&self) -> u64 {
        0
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Status(u8);

impl Labels for Status {
    const NAMES: &'static [&'static str] = &["status"];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

#[test]
fn two_keys_that_race_for_the_last_place_get_one_place_and_one_refusal() {
    loom::model(|| {
        let descriptor = Descriptor::new("calls", "", "").with_max_series(2);
        let family = Arc::new(Family::<Status, Nothing>::new(
            descriptor,
            Shape::Counter,
            Clock::system(),
            Nothing::default,
        ));
        let other = Arc::clone(&family);
        let wire = thread::spawn(move || drop(other.series(&Status(1), Place::Wire)));
        family.series(&Status(2), Place::Wire);
        wire.join().unwrap();
        assert_eq!((family.len(), family.refused()), (2, 1));
    });
}

#[test]
fn words_are_told_whole_and_once() {
    loom::model(|| {
        let told = |number: u64| ([number; 2], NonZeroU64::new(number).unwrap());
        let cell = Arc::new(OnceWords::<2>::new());
        let writers = [1, 2].map(|number| {
            let cell = Arc::clone(&cell);
            let (words, last) = told(number);
            thread::spawn(move || cell.set(words, last))
        });
        let seen = cell.get();
        assert!(seen.is_none_or(|seen| seen == told(1) || seen == told(2)), "{seen:?}");
        writers.map(|writer| writer.join().unwrap());
        let end = cell.get().unwrap();
        assert!(seen.is_none_or(|seen| seen == end), "{seen:?} {end:?}");
    });
}
