//! Families and collected samples, brought into one order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::claims::Claims;
use super::collect::Sample;
use super::descriptor::{Descriptor, Kind, Shape};
use super::family_snapshot::FamilySnapshot;
use super::label::LabelText;
use super::snapshot::Snapshot;

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

    /// Adds a collected sample, unless its name stands for something else.
    pub(crate) fn sample(&mut self, sample: Sample<'_>) {
        // A sum that goes down is no counter, and NaN never leaves a sum that it has entered.
        let told = sample.number.as_f64();
        if sample.kind == Kind::Counter && (told.is_nan() || told < 0.0) {
            self.refused += 1;
            return;
        }
        let Some(family) = self.family_of(&sample) else {
            self.refused += 1;
            return;
        };
        // Prometheus cannot tell an empty value from no label, and rejects a scrape with a name given twice.
        let mut labels: Vec<_> =
            sample.labels.iter().filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect();
        labels.sort_by_key(|(name, _)| *name);
        labels.dedup_by_key(|(name, _)| *name);
        for (name, value) in labels {
            family.push_label((Cow::Owned((*name).to_owned()), LabelText::Owned((*value).into())));
        }
        family.push_number(sample.number);
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
        let Sample { descriptor, kind, .. } = sample;
        if !self.families.contains_key(descriptor.name()) {
            let shape = shape(*kind)?;
            self.claims.claim(descriptor, *kind).ok()?;
            let family = FamilySnapshot::new(Descriptor::clone(descriptor), shape);
            self.families.insert(descriptor.to_name(), Gathered { family, source: Source::Collected });
        }
        let Gathered { family, source } = self.families.get_mut(descriptor.name())?;
        (*source == Source::Collected && family.kind() == *kind).then_some(family)
    }
}

fn shape(kind: Kind) -> Option<Shape> {
    match kind {
        Kind::Counter => Some(Shape::Counter),
        Kind::Gauge => Some(Shape::Gauge),
        // A sample is one number.
        Kind::Histogram => None,
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::Store;

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
}
