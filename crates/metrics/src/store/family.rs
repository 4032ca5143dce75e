//! One metric: a series for each set of labels, up to a declared number.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, Weak};
use std::time::SystemTime;

use super::clock::Clock;
use super::companions::Companions;
use super::descriptor::{Descriptor, Shape};
use super::family_snapshot::FamilySnapshot;
use super::key::Key;
use super::label::LabelText;
use super::label_table::Named;
use super::labels::Labels;
use super::listed::{Index, Listed, Row};
use super::place::Place;
use super::read::Read;
use super::sync::{AtomicU64, Ordering::Relaxed, RwLock};

/// The label of the one series that stands for all refused ones (OpenTelemetry metrics SDK, "overflow attribute").
const OVERFLOW: &str = tower_telemetry_core::names::attribute::OVERFLOW;

/// The series of one metric, by their labels `L`, each an instrument `M`.
///
/// Keys are compared whole, never by their hash alone, and keys whose visible labels are equal share a series.
/// A series, once made, stays, unless the family is declared
/// [`with_idle_expiry`](Descriptor::with_idle_expiry). A lookup of a known key takes no lock; keep the returned handle to spare
/// even that.
///
/// # Cardinality
///
/// [`Place::Wire`] keys make at most [`Descriptor::max_series`] series. The last place is the overflow series
/// (`otel.metric.overflow="true"`), which takes the recordings of every key beyond; each such lookup counts as
/// refused. [`Place::Known`] keys are never refused.
pub struct Family<L, M> {
    descriptor: Descriptor,
    shape: Shape,
    clock: Clock,
    make: Box<dyn Fn() -> M + Send + Sync>,
    index: Index<L, M>,
    listed: RwLock<Listed<L, M>>,
    overflow: OnceLock<(Arc<M>, SystemTime)>,
    refused: AtomicU64,
}

/// A family whose labels and instrument only its owner knows.
pub(crate) trait AnyFamily: Any + Send + Sync {
    fn descriptor(&self) -> &Descriptor;
    fn shape(&self) -> &Shape;
    fn label_type(&self) -> &'static str;
    fn refusals(&self) -> u64;
    /// Tells the family, and what companions it has.
    fn snapshot(&self, out: &mut dyn FnMut(FamilySnapshot));
}

impl<L: Labels, M> Family<L, M> {
    pub(crate) fn new(
        descriptor: Descriptor,
        shape: Shape,
        clock: Clock,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> Self {
        Self {
            descriptor,
            shape,
            clock,
            make: Box::new(make),
            index: papaya::HashMap::default(),
            listed: RwLock::new(Listed::new()),
            overflow: OnceLock::new(),
            refused: AtomicU64::new(0),
        }
    }

    /// The instrument of these labels, made if it is the first time.
    ///
    /// A handle for a [`Place::Wire`] key may be that of the overflow series: to keep it means to keep it there,
    /// and to count one refusal for all that it records.
    pub fn series(&self, labels: &L, place: Place) -> Arc<M> {
        match self.index.pin().get(labels).and_then(Weak::upgrade) {
            Some(instrument) => instrument,
            None => self.make_series(labels, place),
        }
    }

    /// The number of series, the overflow series included.
    pub fn len(&self) -> usize {
        let listed = self.listed.read().unwrap_or_else(PoisonError::into_inner);
        listed.rows.len() + usize::from(self.overflow.get().is_some())
    }

    /// Whether nothing was ever recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lookups were sent to the overflow series.
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    #[cold]
    fn make_series(&self, labels: &L, place: Place) -> Arc<M> {
        // Under attack every refusal passes here: a shared lock is enough to say no.
        {
            let listed = self.listed.read().unwrap_or_else(PoisonError::into_inner);
            if let Ok(instrument) = listed.find(labels) {
                return instrument;
            }
            if !self.has_place(&listed, place) {
                return self.refuse();
            }
        }
        let mut listed = self.listed.write().unwrap_or_else(PoisonError::into_inner);
        let at = match listed.find(labels) {
            Ok(instrument) => return instrument,
            Err(at) => at,
        };
        if !self.has_place(&listed, place) {
            return self.refuse();
        }
        let key = Key::new(labels.clone());
        let instrument = Arc::new((self.make)());
        let mut row = Row::new(key.clone(), Arc::clone(&instrument), self.clock.now());
        if self.descriptor.idle_expiry().is_some() {
            row = row.expiring(place);
        }
        listed.insert(at, row, place);
        self.index.pin().insert(key, Arc::downgrade(&instrument));
        instrument
    }

    fn has_place(&self, listed: &Listed<L, M>, place: Place) -> bool {
        match place {
            Place::Known => true,
            // One place is kept for the overflow series.
            Place::Wire => listed.from_wire + 1 < self.descriptor.max_series(),
        }
    }

    fn refuse(&self) -> Arc<M> {
        self.refused.fetch_add(1, Relaxed);
        let (overflow, _) = self.overflow.get_or_init(|| (Arc::new((self.make)()), self.clock.now()));
        Arc::clone(overflow)
    }
}

// === impl AnyFamily ===

impl<L: Labels, M: Read + Send + Sync + 'static> AnyFamily for Family<L, M> {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn shape(&self) -> &Shape {
        &self.shape
    }

    fn label_type(&self) -> &'static str {
        std::any::type_name::<L>()
    }

    fn refusals(&self) -> u64 {
        self.refused()
    }

    fn snapshot(&self, out: &mut dyn FnMut(FamilySnapshot)) {
        if let Some(after) = self.descriptor.idle_expiry() {
            let mut listed = self.listed.write().unwrap_or_else(PoisonError::into_inner);
            listed.sweep(self.clock.elapsed(), after, &self.index);
        }
        let listed = self.listed.read().unwrap_or_else(PoisonError::into_inner);
        let directory: Arc<dyn Named> = listed.directory();
        let mut family = FamilySnapshot::new(self.descriptor.clone(), self.shape.clone());
        family.set_keys(&directory);
        let mut companions = Companions::of(&self.descriptor, &self.shape, &directory);
        for row in &listed.rows {
            let created = row.created();
            row.instrument.read(&mut family);
            family.mark_created(created);
            companions.push(row.instrument.extremes(), created);
        }
        if let Some((instrument, created)) = self.overflow.get() {
            let overflow = || (Cow::Borrowed(OVERFLOW), LabelText::Static("true"));
            family.push_label(overflow());
            instrument.read(&mut family);
            family.mark_created(*created);
            companions.push_label(overflow);
            companions.push(instrument.extremes(), *created);
        }
        drop(listed);
        out(family);
        companions.finish(out);
    }
}

impl<L, M> fmt::Debug for Family<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family")
            .field("descriptor", &self.descriptor)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::{Counter, LabelValue};

    /// A route, and something that no reader sees.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    struct Key {
        route: Option<&'static str>,
        status: u16,
        hidden: u64,
    }

    impl Labels for Key {
        const NAMES: &'static [&'static str] = &["route", "status"];

        fn value(&self, index: usize) -> Option<LabelValue> {
            match index {
                0 => self.route.map(LabelValue::from),
                _ => Some(self.status.into()),
            }
        }
    }

    fn key(route: &'static str, status: u16) -> Key {
        Key { route: Some(route), status, hidden: 0 }
    }

    fn family(max_series: usize) -> Family<Key, Counter> {
        let descriptor = Descriptor::new("shop.calls", "", "").with_max_series(max_series);
        Family::new(descriptor, Shape::Counter, Clock::system(), Counter::new)
    }

    fn rows(family: &Family<Key, Counter>) -> Vec<String> {
        let mut told = None;
        family.snapshot(&mut |family| told = Some(family));
        let snapshot = told.unwrap();
        let rows = snapshot.series().map(|series| {
            let labels = series.labels().iter();
            labels.map(|label| label.value().with_str(|text| format!("{}={text} ", label.name()))).collect()
        });
        rows.collect()
    }

    #[test]
    fn equal_labels_give_the_same_series() {
        let family = family(10);
        let one = family.series(&key("/", 200), Place::Wire);
        let again = family.series(&key("/", 200), Place::Known);
        let other = family.series(&key("/", 404), Place::Wire);
        assert!(Arc::ptr_eq(&one, &again));
        assert!(!Arc::ptr_eq(&one, &other));
        assert_eq!(family.len(), 2);
    }

    #[test]
    fn series_come_sorted_and_an_absent_attribute_is_no_label() {
        let family = family(10);
        for key in
            [key("/b", 200), key("/a", 404), Key { route: None, status: 500, hidden: 0 }, key("/a", 200)]
        {
            family.series(&key, Place::Known);
        }
        let expected =
            ["status=500 ", "route=/a status=200 ", "route=/a status=404 ", "route=/b status=200 "];
        assert_eq!(rows(&family), expected);
    }

    #[test]
    fn keys_that_read_alike_share_a_series_and_grow_nothing() {
        let family = family(10);
        let one = family.series(&key("", 200), Place::Wire);
        for hidden in 0..1000 {
            let alike = family.series(&Key { route: None, status: 200, hidden }, Place::Wire);
            assert!(Arc::ptr_eq(&one, &alike));
        }
        assert_eq!((family.len(), family.index.len()), (1, 1));
    }

    #[test]
    fn an_attack_fills_only_the_places_of_the_wire() {
        let family = family(100);
        let mut random: u64 = 1;
        for _ in 0..10_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            family.series(&key("/wire", (random >> 48) as u16), Place::Wire).increment();
        }
        assert_eq!(family.len(), 100);

        let known = family.series(&key("/known", 200), Place::Known);
        known.increment();
        assert_eq!((family.len(), known.value()), (101, 1));

        let overflow = family.overflow.get().unwrap().0.value();
        assert_eq!(overflow, family.refused());
        let own: u64 = family.listed.read().unwrap().rows.iter().map(|row| row.instrument.value()).sum();
        assert_eq!(own + overflow, 10_001, "nothing is lost");
        assert_eq!(rows(&family).last().unwrap(), "otel.metric.overflow=true ");
    }

    #[test]
    fn known_series_take_no_place_from_the_wire() {
        let family = family(2);
        for status in 0..50 {
            family.series(&key("/known", status), Place::Known);
        }
        family.series(&key("/wire", 1), Place::Wire);
        assert_eq!((family.len(), family.refused()), (51, 0));
        family.series(&key("/wire", 2), Place::Wire);
        family.series(&key("/known", 7), Place::Wire);
        assert_eq!((family.len(), family.refused()), (52, 1));
    }

    #[test]
    fn a_family_of_no_places_still_counts() {
        for max_series in [0, 1] {
            let family = family(max_series);
            family.series(&key("/", 200), Place::Wire).increment();
            assert_eq!((family.len(), family.refused()), (1, 1));
        }
    }
}
