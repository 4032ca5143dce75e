//! Whatever is told, the page says so.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tower_telemetry_metrics::expose::{Created, Escaping, Format, Names, Syntax};
use tower_telemetry_metrics::{
    Bounds, Descriptor, Exemplar, Label, ManualClock, Place, Sample, Snapshot, Store, Value,
};
use tower_telemetry_testing::openmetrics::{self, Family, Kind, parse};

use crate::{BOUNDS, Route, encoded, sampled};

proptest! {
    #[test]
    fn hostile_texts_read_back(
        samples in prop::collection::vec(
            (hostile(), hostile(), hostile(), prop::collection::vec((hostile(), hostile()), 0..4), number(), any::<bool>()),
            0..6,
        ),
        format in format(),
    ) {
        let store = Store::new();
        let told = samples.clone();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            for (name, unit, help, labels, number, counts) in &told {
                let descriptor = Descriptor::from_owned(name.clone(), unit.clone(), help.clone());
                let labels: Vec<_> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                out(match counts {
                    true => Sample::counter(&descriptor, &labels, *number),
                    false => Sample::gauge(&descriptor, &labels, *number),
                });
            }
        });
        let snapshot = store.snapshot();
        let page = encoded(&snapshot, format);
        let families = parse(&page).map_err(|error| TestCaseError::fail(format!("{error}: {page}")))?;
        same(&snapshot, &families)?;
    }

    #[test]
    fn recordings_read_back_with_their_exemplars(
        recordings in prop::collection::vec((0_u64..4_000_000_000, any::<bool>(), 1_u8..255), 0..40),
        added in prop::collection::vec((0_u64..1000, 1_u8..255), 0..10),
        gap in 0_u64..100_000,
        format in format(),
    ) {
        let time = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_millis(gap));
        let store = Store::with_clock(time.clock());
        let wait = Descriptor::new("a.wait", "s", "");
        let wait = store.histogram_family::<Route>(wait, Bounds::from_seconds(&BOUNDS).unwrap()).unwrap();
        let wait = wait.series(&Route("/{a},\"b\""), Place::Known);
        let jobs = store.counter_family::<()>(Descriptor::new("a.jobs", "", "")).unwrap().series(&(), Place::Known);
        for (nanos, is_sampled, id) in recordings {
            time.advance(Duration::from_millis(7));
            wait.record_with(Duration::from_nanos(nanos), is_sampled.then(|| sampled(id)).as_ref());
        }
        for (amount, id) in added {
            jobs.add_with(amount, Some(&sampled(id)));
        }
        let snapshot = store.snapshot();
        let page = encoded(&snapshot, format);
        let families = parse(&page).map_err(|error| TestCaseError::fail(format!("{error}: {page}")))?;
        same(&snapshot, &families)?;
        let has_created = page.contains("_created");
        prop_assert_eq!(has_created, format.created() == Created::Told);
    }
}

/// That the page tells what the snapshot does: numbers, exemplars and the values of labels, in order.
fn same(snapshot: &Snapshot, families: &[Family]) -> Result<(), TestCaseError> {
    let mut told: Vec<_> = snapshot.families().iter().filter(|family| family.series().len() > 0).collect();
    prop_assert_eq!(told.len(), families.len());
    if families.first().is_some_and(|family| family.kind == Kind::Info) {
        told.sort_by_key(|family| family.descriptor().name() != "target.info");
    }
    for (told, read) in told.into_iter().zip(families) {
        prop_assert_eq!(told.descriptor().help(), &read.help);
        let mut samples = read.samples.iter().filter(|sample| !sample.name.ends_with("_created"));
        for series in told.series() {
            match series.value() {
                Value::Counter(number) | Value::Gauge(number) => {
                    let sample = samples.next().expect("a sample");
                    prop_assert!(
                        sample.value == number.as_f64() || sample.value.is_nan() && number.as_f64().is_nan()
                    );
                    same_values(series.labels(), sample)?;
                    same_exemplar(series.exemplar(), sample)?;
                }
                Value::Histogram(value) => {
                    let mut count = 0;
                    for (bucket, exemplar) in value.buckets().iter().zip(value.exemplars()) {
                        count += bucket;
                        let sample = samples.next().expect("a bucket");
                        prop_assert_eq!(sample.value, count as f64);
                        same_exemplar(exemplar, sample)?;
                    }
                    let sum = samples.next().expect("a sum");
                    prop_assert_eq!(sum.value, value.sum());
                    same_values(series.labels(), sum)?;
                    prop_assert_eq!(samples.next().expect("a count").value, value.count() as f64);
                }
                other => panic!("{other:?}"),
            }
        }
        prop_assert!(samples.next().is_none());
    }
    Ok(())
}

fn same_values(labels: &[Label], sample: &openmetrics::Sample) -> Result<(), TestCaseError> {
    // Labels whose names collide are one: their values are joined.
    let pieces = |text: &str| text.split(';').map(str::to_owned).collect::<Vec<_>>();
    let mut told: Vec<String> = labels.iter().flat_map(|label| label.value().with_str(pieces)).collect();
    let mut read: Vec<String> = sample.labels.values().flat_map(|value| pieces(value)).collect();
    told.sort();
    read.sort();
    prop_assert_eq!(told, read);
    Ok(())
}

fn same_exemplar(told: Option<&Exemplar>, sample: &openmetrics::Sample) -> Result<(), TestCaseError> {
    let read = sample.exemplar.as_ref();
    prop_assert_eq!(told.is_some(), read.is_some());
    if let (Some(told), Some(read)) = (told, read) {
        prop_assert_eq!(&read.labels["trace_id"], &told.trace_id.to_string());
        prop_assert_eq!(&read.labels["span_id"], &told.span_id.to_string());
        prop_assert_eq!(read.value, told.value);
        let time = told.time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        prop_assert_eq!(read.timestamp, Some(time.as_millis() as f64 / 1000.0));
    }
    Ok(())
}

fn format() -> impl Strategy<Value = Format> {
    let escaping = prop::sample::select(vec![
        Escaping::AllowUtf8,
        Escaping::Underscores,
        Escaping::Dots,
        Escaping::Values,
    ]);
    let names = prop::sample::select(vec![Names::Underscores, Names::Dotted]);
    let created = prop::sample::select(vec![Created::Told, Created::Omitted]);
    (escaping, names, created).prop_map(|(escaping, names, created)| {
        Format::new(Syntax::OpenMetrics, escaping).with_names(names).with_created(created)
    })
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(1.0), Just(-0.0)]
}

/// Mostly the characters that mean something in the format.
fn hostile() -> impl Strategy<Value = String> {
    let telling = vec![
        '\\', '"', '\n', '\r', '{', '}', ',', '=', ' ', '#', 'n', '_', '.', 'a', '1', ':', 'é', '🦀', '\0',
    ];
    prop_oneof![
        prop::collection::vec(prop::sample::select(telling), 0..8).prop_map(String::from_iter),
        any::<String>(),
        prop::sample::select(vec![
            "target.info",
            "target",
            "__name__",
            "le",
            "a_total",
            "a",
            "s",
            "By",
            "# EOF"
        ])
        .prop_map(str::to_owned),
    ]
}
