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
//! | `OTEL_RESOURCE_ATTRIBUTES` | attributes of the resource: `key=value` behind commas, percent-encoded |
//! | `OTEL_EXPORTER_PROMETHEUS_HOST`, `_PORT` | where `/metrics` answers; `localhost` and `9464` by default |
//! | `TOWER_TELEMETRY_ADMIN_TOKEN` | the bearer token that `/metrics` wants; `/healthz` and `/readyz` want none |
//! | `TOWER_TELEMETRY_ADMIN_OPEN` | `true`: `/metrics` may answer other machines without a token |
//! | `OTEL_TRACES_SAMPLER`, `_ARG` | the sampler, by the names of OpenTelemetry; without one, and without [`with_sampling`](TelemetryBuilder::with_sampling), parents are followed and all new traces kept within 10,000 spans per second; in production (`deployment.environment.name`) 1 % of them, and at their end those with errors and the slow ones |
//! | `OTEL_TRACES_EXPORTER` | `none`: spans are not exported; `otlp`: they are, to a collector of this machine where no address is named |
//! | `OTEL_METRICS_EXPORTER` | the same for metrics, as a list that may hold `prometheus`: `/metrics` stays in any case |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | where spans, metrics and log records go, with the feature `otlp`; nowhere by default. `https://` wants the feature `tls` |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL` | `grpc` or `http/protobuf`; without it `http/protobuf`, but for an address with the port 4317 |
//! | `OTEL_EXPORTER_OTLP_HEADERS` | headers of an export, such as a key of the collector |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT` | how long an attempt may take, in milliseconds; 10000 by default |
//! | `OTEL_EXPORTER_OTLP_COMPRESSION` | `gzip` or `none`, the default |
//! | `OTEL_EXPORTER_OTLP_CERTIFICATE` | a file of certificates to trust in place of the system's |
//! | `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`, `_CLIENT_KEY` | files of the certificate to show, and of its key |
//! | `OTEL_EXPORTER_OTLP_INSECURE` | `true`: an address of gRPC without a scheme is one without TLS |
//! | `OTEL_LOGS_EXPORTER` | the same for log records, as a list that may hold `console`: lines on standard output stay in any case |
//! | `OTEL_EXPORTER_OTLP_TRACES_…`, `_METRICS_…`, `_LOGS_…` | each of these for one signal; such an endpoint is taken as it is, while over HTTP that of all gets `v1/traces`, `v1/metrics` or `v1/logs` added |
//! | `OTEL_BSP_MAX_QUEUE_SIZE`, `_MAX_EXPORT_BATCH_SIZE` | how many spans may wait, 2048 by default, and how many travel together, 512 |
//! | `OTEL_BSP_SCHEDULE_DELAY` | how long a span waits for others, in milliseconds; 5000 by default |
//! | `OTEL_BSP_EXPORT_TIMEOUT` | how long a batch is tried, with all attempts and pauses, in milliseconds; 30000 by default |
//! | `OTEL_BLRP_…` | each of these for log records; `OTEL_BLRP_SCHEDULE_DELAY` is 1000 by default |
//! | `OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT`, `_COUNT_LIMIT` | bytes of a text of a log record, 8192 by default, and its attributes, 128 |
//! | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative`, the default, `delta` or `lowmemory` |
//! | `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` | which buckets of a histogram that has both are exported: `explicit_bucket_histogram`, the default, or `base2_exponential_bucket_histogram` |
//! | `OTEL_METRIC_EXPORT_INTERVAL` | from one export of metrics to the next, in milliseconds; 60000 by default |
//! | `LOKI_URL` | a Loki that log lines are pushed to, such as `http://loki:3100`, with the feature `loki`; `https://` wants the feature `loki-tls` |
//! | `LOKI_ORG_ID` | the tenant there |
//! | `LOKI_USERNAME`, `LOKI_PASSWORD`; `LOKI_BEARER_TOKEN` | who pushes |
//! | `LOKI_SPOOL_DIR` | a directory that keeps lines until Loki has them |
//! | `LOKI_CA_CERT_PATH` | a file of certificates to trust in place of the system's |
//! | `LOKI_CLIENT_CERT_PATH`, `LOKI_CLIENT_KEY_PATH` | files of the certificate to show, and of its key |
//! | `OTEL_SDK_DISABLED` | `true`: no spans and no exports; context, request ids, `/metrics` and lines stay |
//! | `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` | the HTTP methods that are not `_OTHER`, a full replacement |
//! | `RUST_LOG` | which lines are written; `info` by default |
//!
//! # Features
//!
//! - `axum`: [`Telemetry::around`], one line around a whole `Router`.
//! - `tonic`: gRPC methods from descriptor sets, and from tonic's generated clients.
//! - `otlp`: spans, log records, and what `/metrics` shows, to any OTLP collector over gRPC or HTTP.
//! - `tls`: to collectors at `https://` as well.
//! - `testing`: [`Telemetry::test`], for tests of one's own.
//! - `loki`: log lines to Loki as well, by its push API.
//! - `loki-tls`: to one at `https://`.
//!
//! # What becomes of a span
//!
//! A sampled span that ended waits in a queue with an end, and leaves it in batches. A collector that is away is tried
//! again, at growing intervals, as long as `OTEL_BSP_EXPORT_TIMEOUT` allows. What cannot be kept is dropped and counted:
//! `tower_telemetry.otlp.spans.finished` is at every moment the sum of `.exported`, `.dropped` (by `reason`) and
//! `.waiting`. Log records go the same way, as `tower_telemetry.otlp.logs`. [`Telemetry::shutdown`] exports what waits, for at most ten seconds. Exports make no telemetry of their own.

mod admin;
#[cfg(feature = "axum")]
mod around;
mod background;
mod builder;
mod collectors;
mod error;
mod log_format;
mod log_records;
mod log_writer;
#[cfg(feature = "loki")]
mod loki;
#[cfg(not(feature = "loki"))]
#[path = "loki/disabled.rs"]
mod loki;
#[cfg(feature = "otlp")]
mod otlp;
mod otlp_logs;
mod otlp_metrics;
mod otlp_spans;
mod peer;
#[cfg(any(feature = "loki", feature = "otlp"))]
mod quiet;
mod refusals;
mod resource;
#[cfg(any(feature = "loki", feature = "otlp"))]
mod retry_after;
#[cfg(feature = "tonic")]
mod rpc;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod sdk_disabled;
mod settings;
mod subscriber;
mod telemetry;
#[cfg(feature = "testing")]
mod test_kit;
#[cfg(any(feature = "loki", feature = "otlp"))]
mod tls;
mod traces;

pub use admin::Readiness;
#[cfg(feature = "axum")]
pub use around::{Around, around};
pub use builder::TelemetryBuilder;
pub use error::InitError;
pub use log_format::LogFormat;
pub use log_writer::LogWriter;
#[cfg(feature = "loki")]
pub use loki::{Loki, LokiError};
#[cfg(feature = "otlp")]
pub use otlp_logs::OtlpLogLayer;
pub use resource::Detection;
pub use telemetry::{LogLayer, Telemetry, Windows};
#[cfg(feature = "testing")]
pub use test_kit::{TestLine, TestMetric, TestSpan, TestTelemetry};
pub use traces::InnerSpans;
