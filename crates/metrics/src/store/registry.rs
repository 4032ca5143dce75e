//! The place where families are registered and read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use tower_telemetry_core::names::metric;

use super::bounds::Bounds;
use super::claims::Claims;
use super::clock::Clock;
use super::collect::Collect;
use super::counter::Counter;
use super::declaration;
use super::descriptor::{Descriptor, Shape};
use super::error::RegisterError;
use super::family::{AnyFamily, Family};
use super::family_snapshot::FamilySnapshot;
use super::gather::Gather;
use super::gauge::Gauge;
use super::histogram::Histogram;
use super::label::LabelText;
use super::labels::Labels;
use super::number::Number;
use super::read::Read;
use super::snapshot::Snapshot;

/// Lookups that went to an overflow series, by family. Always present, so that a rate over it has a start.
const SERIES_REFUSED: Descriptor = Descriptor::of(metric::SERIES_REFUSED);

const SAMPLES_REFUSED: Descriptor = Descriptor::of(metric::SAMPLES_REFUSED);

/// The metrics of a process: a handle, cheap to clone, whose clones share everything.
///
/// Two layers given one store share the families that they both register.
///
/// ```
/// use std::time::Duration;
/// use tower_telemetry_metrics::{Bounds, Descriptor, Place, Store};
///
/// let store = Store::new();
/// let wait = Descriptor::new("shop.queue.wait", "s", "Time spent in the queue.");
/// let wait = store.histogram_family::<()>(wait, Bounds::default())?;
/// wait.series(&(), Place::Known).record(Duration::from_millis(30));
///
/// assert_eq!(store.snapshot().total("shop.queue.wait", &[]), 1.0);
/// # Ok::<(), tower_telemetry_metrics::RegisterError>(())
/// ```
#[derive(Clone, Default)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    registered: RwLock<Registered>,
    collectors: RwLock<Vec<Arc<dyn Collect>>>,
    samples_refused: AtomicU64,
    clock: Clock,
}

struct Registered {
    families: BTreeMap<Cow<'static, str>, Arc<dyn AnyFamily>>,
    claims: Claims,
}

impl Store {
    /// A store with nothing in it but its own two counters of refusals.
    pub fn new() -> Self {
        Self::default()
    }

    /// A store that goes by another clock than that of the machine.
    pub fn with_clock(clock: Clock) -> Self {
        Self { inner: Arc::new(Inner { clock, ..Inner::default() }) }
    }

    /// Registers counters, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] when the declaration is malformed or contradicts an earlier one. Help and maximum of
    /// series may differ: the first declaration holds.
    pub fn counter_family<L: Labels>(
        &self,
        descriptor: Descriptor,
    ) -> Result<Arc<Family<L, Counter>>, RegisterError> {
        self.family(descriptor, Shape::Counter, Counter::new)
    }

    /// Registers gauges, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family).
    pub fn gauge_family<L: Labels>(
        &self,
        descriptor: Descriptor,
    ) -> Result<Arc<Family<L, Gauge>>, RegisterError> {
        self.family(descriptor, Shape::Gauge, Gauge::new)
    }

    /// Registers histograms of durations, or finds those registered under this name before. The unit is `s`.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family); other bounds than before are a contradiction, too.
    pub fn histogram_family<L: Labels>(
        &self,
        descriptor: Descriptor,
        bounds: Bounds,
    ) -> Result<Arc<Family<L, Histogram>>, RegisterError> {
        let shape = Shape::Histogram(bounds.clone());
        self.family(descriptor, shape, move || Histogram::new(bounds.clone()))
    }

    /// Adds a source of values that are computed at each snapshot. It stays as long as the store.
    pub fn collector(&self, collector: impl Collect) {
        self.inner.collectors.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(collector));
    }

    /// Reads everything, collectors included.
    ///
    /// Each value is read once; recordings that go on meanwhile are in some of the values and not yet in others.
    pub fn snapshot(&self) -> Snapshot {
        let mut refusals = FamilySnapshot::new(SERIES_REFUSED, Shape::Counter);
        let mut gather = {
            let registered = self.inner.registered.read().unwrap_or_else(PoisonError::into_inner);
            let mut gather = Gather::new(registered.claims.clone());
            for (name, family) in &registered.families {
                gather.family(family.snapshot());
                let value = match name {
                    Cow::Borrowed(name) => LabelText::Static(name),
                    Cow::Owned(name) => LabelText::Owned(name.as_str().into()),
                };
                refusals.push_label(Cow::Borrowed("family"), value);
                refusals.push_number(Number::Unsigned(family.refusals()));
            }
            gather
        };
        gather.family(refusals);

        // No lock is held while foreign code runs: a collector may use the store.
        let collectors = self.inner.collectors.read().unwrap_or_else(PoisonError::into_inner).clone();
        for collector in collectors {
            collector.collect(&mut |sample| gather.sample(sample));
        }
        let refused = gather.settle();
        let refused = self.inner.samples_refused.fetch_add(refused, Relaxed).wrapping_add(refused);
        let mut refusals = FamilySnapshot::new(SAMPLES_REFUSED, Shape::Counter);
        refusals.push_number(Number::Unsigned(refused));
        gather.family(refusals);
        gather.finish()
    }

    fn family<L, M>(
        &self,
        descriptor: Descriptor,
        shape: Shape,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> Result<Arc<Family<L, M>>, RegisterError>
    where
        L: Labels,
        M: Read + Send + Sync + 'static,
    {
        declaration::check::<L>(&descriptor, &shape)?;
        let mut registered = self.inner.registered.write().unwrap_or_else(PoisonError::into_inner);
        let Registered { families, claims } = &mut *registered;
        if let Some(family) = families.get(descriptor.name()) {
            return declaration::same(family, &descriptor, &shape);
        }
        claims.claim(&descriptor, shape.kind()).map_err(|taken| RegisterError::Taken {
            name: descriptor.to_name(),
            written: taken.written,
            owner: taken.owner,
        })?;
        let name = descriptor.to_name();
        let family = Arc::new(Family::new(descriptor, shape, self.inner.clock.clone(), make));
        families.insert(name, Arc::<Family<L, M>>::clone(&family));
        Ok(family)
    }
}

impl Default for Registered {
    fn default() -> Self {
        let mut claims = Claims::default();
        for own in [SERIES_REFUSED, SAMPLES_REFUSED] {
            // The first claims of all, under two different names: there is nobody to refuse them.
            let _ = claims.claim(&own, Shape::Counter.kind());
        }
        Self { families: BTreeMap::new(), claims }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registered = self.inner.registered.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Store").field("families", &registered.families.keys()).finish_non_exhaustive()
    }
}
