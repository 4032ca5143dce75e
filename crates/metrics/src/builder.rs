//! What can be chosen of the metrics window.

use std::marker::PhantomData;
use std::sync::Arc;

use tower_telemetry_core::Label;

use crate::instruments::Instruments;
use crate::label_set::LabelSet;
use crate::layer::Metrics;
use crate::store::{Bounds, Buckets, RegisterError, Store};

/// Which names and labels the window's metrics have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// Those of the OpenTelemetry conventions: `http.server.request.duration`, `rpc.server.call.duration`.
    #[default]
    Semconv,
    /// Those of older dashboards: `http_requests_total`,
    /// `http_request_duration_seconds{method,endpoint,status_code}`, `grpc_server_started_total`,
    /// `grpc_server_handled_total`, `grpc_server_handling_seconds`, and the same for clients.
    Classic,
}

/// What is recorded beside the golden signals, each at the cost of one more recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Extras {
    pub(crate) body_sizes: Extra,
    pub(crate) head_times: Extra,
    pub(crate) extremes: Extra,
    pub(crate) messages: Extra,
    /// Of a server.
    pub(crate) capacity: Option<u32>,
    pub(crate) status: Status,
}

/// Whether something is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Extra {
    #[default]
    LeftOut,
    Recorded,
}

/// Where the status code is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Status {
    #[default]
    OnDurations,
    OnCounter,
}

/// Builds a metrics window; made by [`Metrics::builder`].
///
/// ```
/// use tower_telemetry_core::SignalExt;
/// use tower_telemetry_metrics::{Bounds, Buckets, Metrics, Native};
///
/// let metrics = Metrics::builder()
///     .with_buckets(Buckets::Both(Bounds::from_seconds(&[0.01, 0.1, 1.0])?, Native::default()))
///     .with_body_sizes()
///     .build()?;
/// let layer = metrics.server();
/// # let _ = layer;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is made before `build`"]
pub struct MetricsBuilder<L = ()> {
    store: Store,
    buckets: Buckets,
    names: Names,
    extras: Extras,
    labels: PhantomData<fn() -> L>,
}

impl MetricsBuilder {
    pub(crate) fn new() -> Self {
        Self {
            store: Store::new(),
            buckets: Buckets::Classic(Bounds::default()),
            names: Names::default(),
            extras: Extras::default(),
            labels: PhantomData,
        }
    }

    /// Adds a label of one's own to durations and body sizes; a handler fills it by
    /// [`Exchange::label`](tower_telemetry_core::Exchange::label).
    pub fn with_label<A: Label + Clone + Send + Sync>(self) -> MetricsBuilder<(A,)> {
        self.with_labels()
    }

    /// Adds up to four labels of one's own, as a tuple.
    pub fn with_labels<L: LabelSet>(self) -> MetricsBuilder<L> {
        let Self { store, buckets, names, extras, labels: _ } = self;
        MetricsBuilder { store, buckets, names, extras, labels: PhantomData }
    }
}

impl<L: LabelSet> MetricsBuilder<L> {
    /// Records to this store.
    pub fn with_store(mut self, store: Store) -> Self {
        self.store = store;
        self
    }

    /// Buckets of the durations; by default those that the conventions advise.
    pub fn with_buckets(mut self, buckets: impl Into<Buckets>) -> Self {
        self.buckets = buckets.into();
        self
    }

    /// Names and labels of the metrics.
    pub fn with_names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Records `http.*.request.body.size` and `http.*.response.body.size`.
    pub fn with_body_sizes(mut self) -> Self {
        self.extras.body_sizes = Extra::Recorded;
        self
    }

    /// Records `tower_telemetry.head.duration`, the time to the response head, by route.
    pub fn with_head_times(mut self) -> Self {
        self.extras.head_times = Extra::Recorded;
        self
    }

    /// Notes how high and how low the number in flight was within a minute, whoever scrapes.
    pub fn with_extremes(mut self) -> Self {
        self.extras.extremes = Extra::Recorded;
        self
    }

    /// Counts gRPC messages by method, while they pass: `tower_telemetry.rpc.messages.{sent,received}`.
    ///
    /// Those of requests want a [`RequestBodyLayer`](tower_telemetry_core::RequestBodyLayer).
    pub fn with_messages(mut self) -> Self {
        self.extras.messages = Extra::Recorded;
        self
    }

    /// Tells in `tower_telemetry.capacity` how many exchanges the server is made to serve at once, so that what is in
    /// flight has something to be compared with.
    ///
    /// This limits nothing: a [`Limit`](crate::Limit) tells of a layer that does.
    pub fn with_capacity(mut self, exchanges: u32) -> Self {
        self.extras.capacity = Some(exchanges);
        self
    }

    /// Moves the status code from the durations to counters of their own, `tower_telemetry.*.responses`.
    ///
    /// # Cardinality
    /// A histogram has as many series as buckets; this divides them by the number of status codes.
    pub fn lean_histograms(mut self) -> Self {
        self.extras.status = Status::OnCounter;
        self
    }

    /// Makes the window.
    ///
    /// # Errors
    /// The store has a metric of one of the window's names that is of another kind.
    pub fn build(self) -> Result<Metrics<L>, RegisterError> {
        let Self { store, buckets, names, extras, labels: _ } = self;
        let instruments = Instruments::register(&store, &buckets, names, extras)?;
        Ok(Metrics::of(Arc::new(instruments), store))
    }
}
