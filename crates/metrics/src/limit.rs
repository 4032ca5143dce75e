//! What happens at a limit, by its name.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_core::{Admission, LimitWatch, ObserveLimit};

use crate::instruments::Level;
use crate::store::{
    Bounds, Counter, Descriptor, Family, Gauge, Histogram, LabelValue, Labels, Place, RegisterError, Store,
};

/// The metrics of one limit: what waits at it, what it refuses, what is behind it, and how much may be.
///
/// ```
/// use tower_telemetry_metrics::Metrics;
///
/// # #[derive(Clone)] struct ConcurrencyLimitLayer;
/// # impl ConcurrencyLimitLayer { fn new(_: usize) -> Self { Self } }
/// # impl<S> tower_layer::Layer<S> for ConcurrencyLimitLayer { type Service = S; fn layer(&self, s: S) -> S { s } }
/// # #[derive(Clone)] struct App;
/// # use tower_layer::Layer;
/// let metrics = Metrics::new();
/// let limit = metrics.limit("checkout")?.with_capacity(64);
/// let service = limit.observe(ConcurrencyLimitLayer::new(64)).layer(App);
/// # let _ = service;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `tower_telemetry.limit.{requests,wait,in_flight,capacity}` tell it, each with the name as its label. Limits of one
/// name are told as one.
///
/// # Cardinality
/// Names are texts of the program: three series of requests each, and one of everything else.
#[derive(Clone)]
pub struct Limit {
    name: &'static str,
    series: Arc<Series>,
}

struct Series {
    admitted: Arc<Counter>,
    refused: Arc<Counter>,
    abandoned: Arc<Counter>,
    wait: Arc<Histogram>,
    in_flight: Arc<Gauge>,
    capacity: Arc<Family<Name, Gauge>>,
}

/// A request behind a limit.
#[derive(Debug)]
pub struct Permit(#[expect(dead_code, reason = "held for its drop")] Level);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Name(&'static str);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Told {
    limit: &'static str,
    admission: &'static str,
}

impl Limit {
    /// The limit of this name, in this store.
    ///
    /// # Errors
    /// The store has a metric of one of the names that is of another kind.
    pub fn with_store(store: &Store, name: &'static str) -> Result<Self, RegisterError> {
        let requests = store.counter_family(Descriptor::of(metric::LIMIT_REQUESTS))?;
        let told = |admission: Admission| {
            requests.series(&Told { limit: name, admission: admission.as_str() }, Place::Known)
        };
        let wait = store.histogram_family(Descriptor::of(metric::LIMIT_WAIT), Bounds::default())?;
        let in_flight = store.gauge_family(Descriptor::of(metric::LIMIT_IN_FLIGHT))?;
        let series = Series {
            admitted: told(Admission::Admitted),
            refused: told(Admission::Refused),
            abandoned: told(Admission::Abandoned),
            wait: wait.series(&Name(name), Place::Known),
            in_flight: in_flight.series(&Name(name), Place::Known),
            capacity: store.gauge_family(Descriptor::of(metric::LIMIT_CAPACITY))?,
        };
        Ok(Self { name, series: Arc::new(series) })
    }

    /// Tells in `tower_telemetry.limit.capacity` how many requests the limit lets through at once.
    #[must_use]
    pub fn with_capacity(self, requests: u32) -> Self {
        self.series.capacity.series(&Name(self.name), Place::Known).set(requests.into());
        self
    }

    /// Observes the layer that holds requests back: see [`ObserveLimit`] for where it stands.
    pub fn observe<L>(&self, limit: L) -> ObserveLimit<L, Self> {
        ObserveLimit::new(limit, self.clone())
    }
}

impl LimitWatch for Limit {
    type Permit = Permit;

    fn admit(&self, waited: Duration) -> Permit {
        self.series.admitted.increment();
        self.series.wait.record(waited);
        Permit(Level::up(Arc::clone(&self.series.in_flight)))
    }

    fn turn_away(&self, admission: Admission) {
        match admission {
            Admission::Admitted => {}
            Admission::Refused => self.series.refused.increment(),
            Admission::Abandoned => self.series.abandoned.increment(),
        }
    }
}

impl Labels for Name {
    const NAMES: &'static [&'static str] = &[attribute::LIMIT];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

impl Labels for Told {
    const NAMES: &'static [&'static str] = &[attribute::LIMIT, attribute::ADMISSION];

    fn value(&self, index: usize) -> Option<LabelValue> {
        Some(match index {
            0 => self.limit.into(),
            _ => self.admission.into(),
        })
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limit").field("name", &self.name).finish_non_exhaustive()
    }
}
