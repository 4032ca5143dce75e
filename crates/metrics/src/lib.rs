//! The metrics window: golden signals of HTTP and gRPC exchanges, for Prometheus.
//!
//! ```
//! use tower_telemetry_core::SignalExt;
//! use tower_telemetry_metrics::{Metrics, expose::text};
//!
//! let metrics = Metrics::new();
//! let layer = metrics.clone().server(); // or `.client()`
//! # let _ = layer;
//!
//! let mut page = String::new();
//! text::encode(&metrics.store().snapshot(), &mut page); // what `/metrics` answers
//! ```
//!
//! - **Stands** anywhere; a layer around a router wants the route told from within.
//! - **Reads** and **writes** no header.
//! - **Emits** `http.{server,client}.request.duration`, `rpc.{server,client}.call.duration`, what is
//!   in flight, `tower_telemetry.exchanges.{started,ended}`, how long streams and sessions last: the names stand in
//!   [`names`](tower_telemetry_core::names).
//! - **Costs** two lookups by address, without a lock, and no allocation once a series is there.
//!
//! Below the window lies a small metric store, open to a program's own metrics:
//!
//! ```
//! use std::time::Duration;
//! use tower_telemetry_metrics::{Bounds, Descriptor, Place, Store, expose::text, label, labels};
//!
//! label! {
//!     enum Queue { Mails = "mails", Invoices = "invoices" }
//! }
//!
//! labels! {
//!     struct Job { queue as "job.queue": Queue }
//! }
//!
//! let store = Store::new();
//! let duration = Descriptor::new("shop.job.duration", "s", "Duration of a job.");
//! let duration = store.histogram_family::<Job>(duration, Bounds::from_seconds(&[0.1, 1.0])?)?;
//!
//! // Keep the handle: to record through it is two atomic additions.
//! let mails = duration.series(&Job { queue: Queue::Mails }, Place::Known);
//! mails.record(Duration::from_millis(250));
//!
//! let mut page = String::new();
//! text::encode(&store.snapshot(), &mut page);
//! assert!(page.contains("shop_job_duration_seconds_bucket{job_queue=\"mails\",le=\"1\"} 1\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Cardinality
//!
//! A label value is a text of the program or an integer, never a text from the wire. Each family has a declared
//! maximum of series for keys that a peer can influence ([`Place::Wire`]); beyond it one overflow series takes
//! the recordings, and `tower_telemetry.series.refused` counts them.
//!
//! # Features
//!
//! - `opentelemetry`: [`StoreMeterProvider`] lets instruments of OpenTelemetry record to the store, and
//!   [`OtelMetrics`] is the window over a meter of OpenTelemetry in place of the store.
//! - `prometheus`: [`PrometheusCollector`] shows the store in a `Registry` of the crate `prometheus`, and
//!   [`PrometheusRegistry`] shows such a registry in the store.

#[cfg(any(feature = "opentelemetry", feature = "prometheus"))]
mod bridges;
mod builder;
pub mod expose;
mod instruments;
mod keys;
mod label_set;
mod layer;
mod limit;
#[doc(hidden)]
pub mod macros;
mod observer;
mod oldest;
mod store;

#[cfg(feature = "opentelemetry")]
pub use self::bridges::{OtelMetrics, OtelMetricsBuilder, OtelMetricsObserver, StoreMeterProvider};
#[cfg(feature = "prometheus")]
pub use self::bridges::{PrometheusCollector, PrometheusRegistry};
pub use self::builder::{MetricsBuilder, Names};
pub use self::label_set::LabelSet;
pub use self::layer::{Metrics, MetricsLayer};
pub use self::limit::{Limit, Permit};
pub use self::observer::MetricsObserver;

pub use self::store::{
    Bounds, BoundsError, Buckets, Clock, Collect, Counter, Descriptor, Exemplar, Family, FamilySnapshot,
    FloatGauge, FloatHistogram, Gauge, Histogram, HistogramSample, HistogramValue, Kind, Label, LabelField,
    LabelText, LabelValue, Labels, ManualClock, Measure, Native, NativeSample, NativeValue, Number, Place,
    RegisterError, Sample, Series, Snapshot, Store, SummarySample, SummaryValue, Value, ValueHistogram,
};
