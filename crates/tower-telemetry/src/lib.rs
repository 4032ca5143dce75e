#![doc = include_str!("../README.md")]

mod tasks;

pub use tasks::{JoinSetExt, SubmitError, Workers, spawn, spawn_blocking};
#[cfg(feature = "axum")]
pub use tower_telemetry_core::AxumBody;
pub use tower_telemetry_core::{
    AsIs, Authority, Baggage, CacheStatus, Classify, Code, Ending, Exchange, Judgement, Label, MapBody,
    Observe, ObserveLayer, ObserveLimit, Observer, Outcome, Protocol, RequestBody, RequestBodyLayer,
    RequestId, ResponseBody, ResponseFuture, Route, RouteLayer, RouteTable, Scheme, Session, Side, Signal,
    SignalExt, Skip, TraceIds, Trust, TrustPolicy, Value, Verdict, Window, current, judge,
};
#[cfg(feature = "otlp")]
pub use tower_telemetry_pipeline::OtlpLogLayer;
#[cfg(feature = "axum")]
pub use tower_telemetry_pipeline::{Around, around};
pub use tower_telemetry_pipeline::{
    Detection, InitError, InnerSpans, LogFormat, LogLayer, Readiness, Telemetry, TelemetryBuilder, Windows,
};
#[cfg(feature = "loki")]
pub use tower_telemetry_pipeline::{Loki, LokiError};
#[cfg(feature = "testing")]
pub use tower_telemetry_pipeline::{TestLine, TestMetric, TestSpan, TestTelemetry};
pub use tower_telemetry_request_id::{Audience, ResponseContract};
pub use tower_telemetry_trace::tasks::{Continuation, Envelope, Spans, Traced, WorkSpan};
pub use tower_telemetry_trace::{Destinations, InExchange, Propagation, TextMap};

pub use tower_telemetry_core as core;
pub use tower_telemetry_log as log;
pub use tower_telemetry_metrics as metrics;
pub use tower_telemetry_request_id as request_id;
pub use tower_telemetry_runtime as runtime;
pub use tower_telemetry_trace as trace;
