//! The place where families are registered and read.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tower_telemetry_core::names::metric;

use super::clock::Clock;
use super::collect::Collect;
use super::deprecations::{self, Deprecations};
use super::descriptor::{Descriptor, Kind, Shape};
use super::family_snapshot::FamilySnapshot;
use super::gather::Gather;
use super::label::LabelText;
use super::number::Number;
use super::registered::Registered;
use super::snapshot::Snapshot;

/// Lookups that went to an overflow series, by family. Always present, so that a rate over it has a start.
const SERIES_REFUSED: Descriptor = Descriptor::of(metric::SERIES_REFUSED);

const SAMPLES_REFUSED: Descriptor = Descriptor::of(metric::SAMPLES_REFUSED);

const VALUES_REFUSED: Descriptor = Descriptor::of(metric::VALUES_REFUSED);

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
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) registered: RwLock<Registered>,
    pub(crate) collectors: RwLock<Vec<Arc<dyn Collect>>>,
    pub(crate) deprecations: RwLock<Deprecations>,
    pub(crate) samples_refused: AtomicU64,
    pub(crate) values_refused: Arc<AtomicU64>,
    pub(crate) idle_expiry: OnceLock<Duration>,
    pub(crate) clock: Clock,
}

impl Store {
    /// A store with nothing in it but its own counters of refusals.
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// A store that goes by another clock than that of the machine.
    pub fn with_clock(clock: Clock) -> Self {
        let own = [SERIES_REFUSED, SAMPLES_REFUSED, VALUES_REFUSED, deprecations::INFO];
        let inner = Inner {
            registered: RwLock::new(Registered::reserving(&own, Kind::Counter)),
            collectors: RwLock::default(),
            deprecations: RwLock::default(),
            samples_refused: AtomicU64::new(0),
            values_refused: Arc::default(),
            idle_expiry: OnceLock::new(),
            clock,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Lets idle series go in all families that are registered from now on, as
    /// [`Descriptor::with_idle_expiry`] does for one. The first call holds.
    #[must_use]
    pub fn with_idle_expiry(self, after: Duration) -> Self {
        self.inner.idle_expiry.get_or_init(|| after);
        self
    }

    /// Takes a family out of the store and frees its name. Handles to its series stay usable, and record to nobody.
    /// Returns whether there was such a family.
    pub fn unregister(&self, name: &str) -> bool {
        self.inner.registered.write().unwrap_or_else(PoisonError::into_inner).remove(name).is_some()
    }

    /// Announces that a family will go: its help says so, `tower_telemetry.deprecated.info` names it with the day
    /// (`name`, `until`), and from `until` on it is not told any more, registered anew or not.
    ///
    /// The name is the dotted one. It may be registered before or after. A later call moves the end.
    pub fn deprecate(&self, name: &str, until: SystemTime) {
        self.inner.deprecations.write().unwrap_or_else(PoisonError::into_inner).set(name, until);
    }

    /// Adds a source of values that are computed at each snapshot. It stays as long as the store.
    pub fn collector(&self, collector: impl Collect) {
        self.inner.collectors.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(collector));
    }

    /// The time that it goes by, and where it counts values that it refuses.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn clock_and_refusals(&self) -> (Clock, Arc<AtomicU64>) {
        (self.inner.clock.clone(), Arc::clone(&self.inner.values_refused))
    }

    /// Reads everything, collectors included.
    ///
    /// Each value is read once; recordings that go on meanwhile are in some of the values and not yet in others.
    pub fn snapshot(&self) -> Snapshot {
        let now = self.inner.clock.now();
        let deprecations = self.inner.deprecations.read().unwrap_or_else(PoisonError::into_inner).clone();
        for name in deprecations.over(now) {
            self.unregister(name);
        }
        let mut refusals = FamilySnapshot::new(SERIES_REFUSED, Shape::Counter);
        let mut gather = {
            let registered = self.inner.registered.read().unwrap_or_else(PoisonError::into_inner);
            let mut gather = Gather::new(registered.claims.clone());
            for (name, family) in &registered.families {
                family.snapshot(&mut |mut family| {
                    deprecations.annotate(&mut family);
                    gather.family(family);
                });
                let value = match name {
                    Cow::Borrowed(name) => LabelText::Static(name),
                    Cow::Owned(name) => LabelText::Owned(name.as_str().into()),
                };
                refusals.push_label((Cow::Borrowed("family"), value));
                refusals.push_number(Number::Unsigned(family.refusals()));
            }
            gather
        };
        gather.family(deprecations.info(now));

        // No lock is held while foreign code runs: a collector may use the store.
        let collectors = self.inner.collectors.read().unwrap_or_else(PoisonError::into_inner).clone();
        for collector in collectors {
            collector.collect(&mut |sample| gather.sample(sample));
            collector.refusals(&mut |name, refused| {
                refusals.push_label((Cow::Borrowed("family"), LabelText::Owned(name.into())));
                refusals.push_number(Number::Unsigned(refused));
            });
        }
        // What collectors told is not in its place yet.
        refusals.sort();
        gather.family(refusals);
        let refused = gather.settle();
        let refused = self.inner.samples_refused.fetch_add(refused, Relaxed).wrapping_add(refused);
        let values = self.inner.values_refused.load(Relaxed);
        for (descriptor, refused) in [(SAMPLES_REFUSED, refused), (VALUES_REFUSED, values)] {
            let mut refusals = FamilySnapshot::new(descriptor, Shape::Counter);
            refusals.push_number(Number::Unsigned(refused));
            gather.family(refusals);
        }
        gather.finish()
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registered = self.inner.registered.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Store").field("families", &registered.families.keys()).finish_non_exhaustive()
    }
}
