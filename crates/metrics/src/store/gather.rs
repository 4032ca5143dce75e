//! Families and collected samples, brought into one order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::claims::Claims;
use super::collect::{Sample, Told};
use super::descriptor::{Descriptor, Kind, Shape};
use super::family_snapshot::FamilySnapshot;
use super::label::LabelText;
use super::snapshot::Snapshot;
use crate::expose::name;

/// A snapshot in the making.
#[derive(Debug)]
pub(crate) struct Gather {
    families: BTreeMap<Cow<'static, str>, Gathered>,
    claims: Claims,
    refused: u64,
}

#[derive(Debug)]
struct Gathered {
    family: FamilySnapshot,
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// From the store: sorted, and each series once.
    Registered,
    /// From collectors, as they come.
    Collected,
}

impl Gather {
    pub(crate) fn new(claims: Claims) -> Self {
        Self { families: BTreeMap::new(), claims, refused: 0 }
    }

    /// Adds a registered family.
    pub(crate) fn family(&mut self, family: FamilySnapshot) {
        let name = family.descriptor().to_name();
        self.families.insert(name, Gathered { family, source: Source::Registered });
    }

    /// Adds a collected sample, unless its name stands for something else or there is no room for it.
    pub(crate) fn sample(&mut self, sample: Sample<'_>) {
        // Prometheus cannot tell an empty value from no label, and rejects a scrape with a name given twice.
        let mut labels: Vec<_> =
            sample.labels.iter().filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect();
        labels.sort_by_key(|(name, _)| *name);
        labels.dedup_by_key(|(name, _)| *name);
        let takes = |reserved| labels.iter().any(|(label, _)| name::label(label) == reserved);
        let is_clear = match sample.told {
            Told::Histogram(_) => !takes("le"),
            Told::Summary(_) => !takes("quantile"),
            _ => true,
        };
        let family = if is_clear && sample.told.is_sound() { self.family_of(&sample) } else { None };
        let Some(family) = family else {
            self.refused += 1;
            return;
        };
        for (name, value) in labels {
            family.push_label((Cow::Owned((*name).to_owned()), LabelText::Owned((*value).into())));
        }
        match sample.told {
            Told::Counter(number) => family.push_marked(number, sample.exemplar),
            Told::UpDownCounter(number) | Told::Gauge(number) => family.push_number(number),
            Told::Histogram(histogram) => family.push_histogram(|lists| histogram.append(lists)),
            Told::Summary(summary) => family.push_summary(summary.value()),
        }
        if let Some(created) = sample.created {
            family.mark_created(created);
        }
    }

    /// Sorts what was collected. Returns how many samples were refused, those that repeat a series included.
    pub(crate) fn settle(&mut self) -> u64 {
        for gathered in self.families.values_mut().filter(|gathered| gathered.source == Source::Collected) {
            self.refused += gathered.family.sort() as u64;
        }
        std::mem::take(&mut self.refused)
    }

    pub(crate) fn finish(self) -> Snapshot {
        Snapshot::new(self.families.into_values().map(|gathered| gathered.family).collect())
    }

    fn family_of(&mut self, sample: &Sample<'_>) -> Option<&mut FamilySnapshot> {
        let Sample { descriptor, told, .. } = sample;
        if !self.families.contains_key(descriptor.name()) {
            self.claims.claim(descriptor, told.kind()).ok()?;
            let family = open(descriptor, told);
            self.families.insert(descriptor.to_name(), Gathered { family, source: Source::Collected });
        }
        let Gathered { family, source } = self.families.get_mut(descriptor.name())?;
        let is_alike = match (told, family.kind()) {
            (Told::Histogram(histogram), Kind::Histogram) => histogram.bounds() == family.bounds(),
            // Of two that differ in whether levels are added up, the first is heard.
            (Told::Gauge(_) | Told::UpDownCounter(_), Kind::Gauge | Kind::UpDownCounter) => true,
            (told, kind) => told.kind() == kind,
        };
        let has_room = family.series().len() < family.descriptor().max_series();
        (*source == Source::Collected && is_alike && has_room).then_some(family)
    }
}

/// A family that is told for the first time.
fn open(descriptor: &Descriptor, told: &Told<'_>) -> FamilySnapshot {
    let descriptor = Descriptor::clone(descriptor);
    match told {
        Told::Counter(_) => FamilySnapshot::new(descriptor, Shape::Counter),
        Told::UpDownCounter(_) => FamilySnapshot::new(descriptor.additive(), Shape::Gauge),
        Told::Gauge(_) => FamilySnapshot::new(descriptor, Shape::Gauge),
        Told::Histogram(histogram) => {
            FamilySnapshot::new(descriptor, Shape::ToldHistogram(histogram.bounds().into()))
        }
        Told::Summary(_) => FamilySnapshot::new(descriptor, Shape::ToldSummary),
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::SystemTime;

    use tower_telemetry_core::trace_ids::{SpanId, TraceId};

    use super::*;
    use crate::store::{Exemplar, HistogramSample, NativeSample, Store, SummarySample};

    const LEVEL: Descriptor = Descriptor::new("shop.level", "", "");
    const REFUSED: &str = "tower_telemetry.samples.refused";

    /// A store whose collector tells two gauges of one family and then `extra`.
    fn check(extra: impl Fn(&mut dyn FnMut(Sample<'_>)) + Send + Sync + 'static, refused: f64) {
        let store = Store::new();
        store.counter_family::<()>(Descriptor::new("shop.jobs", "", "")).unwrap();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&LEVEL, &[("tank", "b")], 2_u64));
            out(Sample::gauge(&LEVEL, &[("tank", "a")], 1_u64));
            extra(out);
        });
        let snapshot = store.snapshot();
        assert_eq!(snapshot.value(REFUSED, &[]), Some(refused));
        let family = snapshot.family("shop.level").unwrap();
        let tanks: Vec<String> =
            family.series().map(|series| format!("{:?}", series.labels().last().unwrap().value())).collect();
        assert_eq!(tanks, [r#"Owned("a")"#, r#"Owned("b")"#]);
        assert_eq!(snapshot.value("shop.level", &[("tank", "a")]), Some(1.0));

        assert_eq!(store.snapshot().value(REFUSED, &[]), Some(2.0 * refused), "it is a counter");
    }

    #[test]
    fn samples_come_sorted() {
        check(|_| {}, 0.0);
    }

    #[test]
    fn a_series_told_twice_is_kept_once() {
        check(|out| out(Sample::gauge(&LEVEL, &[("tank", "a")], 9_u64)), 1.0);
        check(|out| out(Sample::gauge(&LEVEL, &[("empty", ""), ("tank", "a"), ("tank", "x")], 9_u64)), 1.0);
    }

    #[test]
    fn a_sample_of_another_kind_is_refused() {
        check(|out| out(Sample::counter(&LEVEL, &[], 9_u64)), 1.0);
    }

    #[test]
    fn a_counter_below_zero_is_refused() {
        const SPENT: Descriptor = Descriptor::new("shop.spent", "", "");
        for number in [f64::NAN, -1.0, f64::NEG_INFINITY] {
            check(move |out| out(Sample::counter(&SPENT, &[], number)), 1.0);
            check(move |out| out(Sample::gauge(&SPENT, &[], number)), 0.0);
        }
        check(move |out| out(Sample::counter(&SPENT, &[], -0.0)), 0.0);
    }

    #[test]
    fn a_sample_under_a_registered_name_is_refused() {
        check(|out| out(Sample::counter(&Descriptor::new("shop.jobs", "", ""), &[("a", "b")], 9_u64)), 1.0);
        check(|out| out(Sample::counter(&Descriptor::new(REFUSED, "", ""), &[("a", "b")], 9_u64)), 1.0);
    }

    #[test]
    fn a_sample_that_is_written_like_another_family_is_refused() {
        check(|out| out(Sample::gauge(&Descriptor::new("shop_level", "", ""), &[], 9_u64)), 1.0);
        check(|out| out(Sample::gauge(&Descriptor::new("shop.jobs.total", "", ""), &[], 9_u64)), 1.0);
    }

    #[test]
    fn labels_that_are_written_alike_make_no_second_series() {
        // Prometheus rejects a page with a sample given twice, and `a.b` and `a_b` are one name on most pages.
        let store = Store::new();
        store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&LEVEL, &[("tank.name", "a")], 1_u64));
            out(Sample::gauge(&LEVEL, &[("tank_name", "a")], 2_u64));
            out(Sample::gauge(&LEVEL, &[("tank.name", "a;b")], 3_u64));
            out(Sample::gauge(&LEVEL, &[("tank.name", "a"), ("tank_name", "b")], 4_u64));
        });
        let snapshot = store.snapshot();
        assert_eq!(snapshot.value(REFUSED, &[]), Some(2.0));
        assert_eq!(snapshot.family("shop.level").unwrap().series().len(), 2);
    }

    #[test]
    fn the_order_of_labels_makes_no_second_series() {
        let store = Store::new();
        store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&LEVEL, &[("a", "1"), ("b", "2")], 1_u64));
            out(Sample::gauge(&LEVEL, &[("b", "2"), ("a", "1")], 1_u64));
        });
        let snapshot = store.snapshot();
        assert_eq!(snapshot.value(REFUSED, &[]), Some(1.0));
        assert_eq!(snapshot.value("shop.level", &[("b", "2"), ("a", "1")]), Some(1.0));
    }

    #[test]
    fn a_family_takes_no_more_series_than_it_declares() {
        let store = Store::new();
        store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            let level = LEVEL.with_max_series(3);
            for tank in ["a", "b", "c", "d", "e"] {
                out(Sample::gauge(&level, &[("tank", tank)], 1_u64));
            }
        });
        let snapshot = store.snapshot();
        assert_eq!(snapshot.family("shop.level").unwrap().series().len(), 3);
        assert_eq!(snapshot.value(REFUSED, &[]), Some(2.0));
    }

    const WAIT: Descriptor = Descriptor::new("shop.wait", "s", "");

    fn run(counts: &[u64]) -> NativeSample<'_> {
        let (positive, negative) = ((-2, counts), (0, &[][..]));
        NativeSample { schema: 0, zero_threshold: 0.0, zero_count: 1, positive, negative }
    }

    #[test]
    fn a_histogram_keeps_all_that_is_told_of_it() {
        let exemplar = Exemplar {
            trace_id: TraceId::from_bytes([1; 16]).unwrap(),
            span_id: SpanId::from_bytes([2; 8]).unwrap(),
            value: 0.5,
            time: SystemTime::UNIX_EPOCH,
        };
        let store = Store::new();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            let native = NativeSample { negative: (3, &[4]), zero_threshold: 0.25, ..run(&[1, 0, 2]) };
            let exemplars = [Some(exemplar), None];
            let both =
                HistogramSample::new(&[1.0], &[6, 2], 2.5).with_native(native).with_exemplars(&exemplars);
            out(Sample::histogram(&WAIT, &[("of", "b")], both).since(SystemTime::UNIX_EPOCH));
            out(Sample::histogram(&WAIT, &[("of", "a")], HistogramSample::new(&[1.0], &[1, 0], -0.5)));
            let alone = Descriptor::new("shop.rest", "s", "");
            out(Sample::histogram(&alone, &[], HistogramSample::native(run(&[1, 0, 2]), 7.0)));
        });
        let snapshot = store.snapshot();
        assert_eq!(snapshot.value(REFUSED, &[]), Some(0.0));
        let family = snapshot.family("shop.wait").unwrap();
        assert_eq!((family.kind(), family.bounds()), (Kind::Histogram, &[1.0][..]));
        assert_eq!(family.series().last().unwrap().created(), Some(SystemTime::UNIX_EPOCH));
        let told = snapshot.histogram("shop.wait", &[("of", "b")]).unwrap();
        assert_eq!((told.buckets(), told.sum()), (&[6, 2][..], 2.5));
        assert_eq!(told.exemplars().collect::<Vec<_>>(), [Some(&exemplar), None]);
        let native = told.native().unwrap();
        assert_eq!((native.positive(), native.negative()), ((-2, &[1, 0, 2][..]), (3, &[4][..])));
        assert_eq!((native.zero_threshold(), native.zero_count(), native.count()), (0.25, 1, 8));
        let plain = snapshot.histogram("shop.wait", &[("of", "a")]).unwrap();
        assert_eq!((plain.buckets(), plain.sum(), plain.native()), (&[1, 0][..], -0.5, None));
        let alone = snapshot.histogram("shop.rest", &[]).unwrap();
        assert_eq!((alone.buckets(), alone.native().unwrap().count()), (&[4][..], 4));
    }

    #[test]
    fn a_histogram_that_contradicts_itself_or_another_is_refused() {
        type Told = HistogramSample<'static>;
        let refused = |told: Told| {
            check(move |out| out(Sample::histogram(&WAIT, &[], told)), 1.0);
        };
        refused(HistogramSample::new(&[1.0], &[1], 0.0));
        refused(HistogramSample::new(&[1.0, 1.0], &[1, 1, 1], 0.0));
        refused(HistogramSample::new(&[f64::NAN], &[1, 1], 0.0));
        refused(HistogramSample::new(&[f64::INFINITY], &[1, 1], 0.0));
        refused(HistogramSample::new(&[1.0], &[u64::MAX, 1], 0.0));
        refused(HistogramSample::new(&[1.0], &[1, 1], 0.0).with_exemplars(&[None]));
        refused(HistogramSample::new(&[1.0], &[1, 1], 0.0).with_native(run(&[5])));
        refused(HistogramSample::native(NativeSample { schema: 9, ..run(&[5]) }, 0.0));
        refused(HistogramSample::native(NativeSample { positive: (i32::MAX, &[5]), ..run(&[]) }, 0.0));
        refused(HistogramSample::native(NativeSample { positive: (0, &[u64::MAX]), ..run(&[]) }, 0.0));
        let sound = HistogramSample::new(&[1.0], &[1, 1], 0.0);
        check(move |out| out(Sample::histogram(&WAIT, &[("le", "1")], sound)), 1.0);
        let twice = |other: Told| {
            check(
                move |out| {
                    out(Sample::histogram(&WAIT, &[], sound));
                    out(Sample::histogram(&WAIT, &[("of", "b")], other));
                },
                1.0,
            );
        };
        twice(HistogramSample::new(&[2.0], &[1, 1], 0.0));
        twice(HistogramSample::native(run(&[5]), 0.0));
    }

    #[test]
    fn a_summary_is_kept_if_it_can_be_told() {
        let told = |quantiles| SummarySample { quantiles, count: 7, sum: 3.5 };
        let refused = |quantiles: &'static [(f64, f64)], labels: &'static [(&str, &str)]| {
            check(move |out| out(Sample::summary(&WAIT, labels, told(quantiles))), 1.0);
        };
        refused(&[(1.5, 1.0)], &[]);
        refused(&[(0.5, 1.0), (0.5, 1.0)], &[]);
        refused(&[(f64::NAN, 1.0)], &[]);
        refused(&[], &[("quantile", "0.5")]);
        let store = Store::new();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::summary(&WAIT, &[], told(&[(0.5, 0.1), (0.99, f64::NAN)])));
        });
        let snapshot = store.snapshot();
        let summary = snapshot.summary("shop.wait", &[]).unwrap();
        assert_eq!((summary.count(), summary.sum(), summary.quantiles().len()), (7, 3.5, 2));
    }

    #[test]
    fn a_level_is_an_up_down_counter_if_the_sample_or_the_name_says_so() {
        const ALIVE: Descriptor = Descriptor::of(tower_telemetry_core::names::metric::RUNTIME_TASKS_ALIVE);
        let store = Store::new();
        store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&LEVEL, &[], 2_u64));
            out(Sample::gauge(&ALIVE, &[], 2_u64));
            out(Sample::up_down_counter(&WAIT, &[], -2_i64));
        });
        let snapshot = store.snapshot();
        let alive = ALIVE;
        let kinds =
            ["shop.level", alive.name(), "shop.wait"].map(|name| snapshot.family(name).unwrap().kind());
        assert_eq!(kinds, [Kind::Gauge, Kind::UpDownCounter, Kind::UpDownCounter]);
    }
}
