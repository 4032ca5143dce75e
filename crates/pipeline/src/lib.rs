//! One call that sets up metrics, traces and logs sharing one context.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use tower_telemetry_pipeline::Telemetry;
//!
//! let telemetry = Telemetry::init("orders")?;
//! let layer = telemetry.http_server(); // and `.grpc_server()`, `.http_client()`, `.grpc_client()`
//! # let _ = layer;
//! // serve; `/metrics` answers on 127.0.0.1:9464, log lines go to standard output
//! telemetry.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! With a change of mind:
//!
//! ```
//! # async fn run() -> Result<(), tower_telemetry_pipeline::InitError> {
//! use tower_telemetry_pipeline::Telemetry;
//!
//! let telemetry = Telemetry::builder("orders")
//!     .public()                // callers are strangers: their trace is linked, their id kept apart
//!     .without_admin()         // no listener
//!     .without_subscriber()    // and no global: `telemetry.log_layer()` goes into one's own
//!     .init()?;
//! # telemetry.shutdown().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
//! ```
//!
//! # Environment
//!
//! The environment wins over code, code over defaults.
//!
//! | variable | meaning |
//! |---|---|
//! | `OTEL_SERVICE_NAME` | the name of the service |
//! | `OTEL_RESOURCE_ATTRIBUTES` | further attributes of the resource |
//! | `OTEL_EXPORTER_PROMETHEUS_HOST`, `_PORT` | where `/metrics` answers; `localhost` and `9464` by default |
//! | `OTEL_TRACES_SAMPLER`, `_ARG` | the sampler; without one `parentbased_always_on`, in production 1 % of new traces |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT`, `_TRACES_ENDPOINT`, `_METRICS_ENDPOINT` | where spans and metrics go, with the feature `otlp`; nowhere by default. Metrics want `http://` |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL`, `_METRICS_PROTOCOL` | how metrics go: `grpc`, the default, or `http/protobuf` |
//! | `OTEL_EXPORTER_OTLP_HEADERS`, `_METRICS_HEADERS` | headers of an export, such as a key of the collector |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT`, `_METRICS_TIMEOUT` | how long an attempt may take, in milliseconds; 10000 by default |
//! | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative`, the default, `delta` or `lowmemory` |
//! | `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` | which buckets of a histogram that has both are exported: `explicit_bucket_histogram`, the default, or `base2_exponential_bucket_histogram` |
//! | `OTEL_METRIC_EXPORT_INTERVAL` | from one export of metrics to the next, in milliseconds; 60000 by default |
//! | `OTEL_METRICS_EXPORTER` | a list without `otlp`: metrics are not exported; `/metrics` stays |
//! | `OTEL_SDK_DISABLED` | `true`: no spans and no exports; context, request ids, `/metrics` and lines stay |
//! | `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` | the HTTP methods that are not `_OTHER`, a full replacement |
//! | `RUST_LOG` | which lines are written; `info` by default |
//!
//! # Features
//!
//! - `axum`: [`Telemetry::around`], one line around a whole `Router`.
//! - `tonic`: gRPC methods from descriptor sets, and from tonic's generated clients.
//! - `otlp`: spans to any OTLP collector over gRPC, and what `/metrics` shows over gRPC or HTTP.

mod admin;
#[cfg(feature = "axum")]
mod around;
mod background;
mod builder;
mod collectors;
mod error;
mod log_writer;
#[cfg(feature = "otlp")]
mod otlp;
mod otlp_metrics;
mod otlp_spans;
mod refusals;
mod resource;
#[cfg(feature = "tonic")]
mod rpc;
mod settings;
mod subscriber;
mod telemetry;
mod traces;

pub use admin::Readiness;
#[cfg(feature = "axum")]
pub use around::{Around, AroundFuture, around};
pub use builder::TelemetryBuilder;
pub use error::InitError;
pub use log_writer::LogWriter;
pub use telemetry::{LogLayer, Telemetry, Windows};
