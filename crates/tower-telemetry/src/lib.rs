#![doc = include_str!("../README.md")]

pub use tower_telemetry_core::{
    Authority, Carry, Classify, Code, Ending, Exchange, Judgement, Label, Observe, ObserveLayer, Observer,
    Outcome, Protocol, RequestId, ResponseBody, ResponseFuture, Route, RouteLayer, RouteTable, Scheme, Side,
    Signal, SignalExt, Skip, TraceIds, Trust, Value, Verdict, Window, current, judge,
};
#[cfg(feature = "axum")]
pub use tower_telemetry_pipeline::{Around, around};
pub use tower_telemetry_pipeline::{InitError, LogLayer, Readiness, Telemetry, TelemetryBuilder, Windows};
pub use tower_telemetry_trace::InExchange;

pub use tower_telemetry_core as core;
pub use tower_telemetry_log as log;
pub use tower_telemetry_metrics as metrics;
pub use tower_telemetry_request_id as request_id;
pub use tower_telemetry_runtime as runtime;
pub use tower_telemetry_trace as trace;
