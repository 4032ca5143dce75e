//! How a [`Snapshot`](crate::Snapshot) is written down for others.
//!
//! An encoder is a pure function from a snapshot to text; serving it is the business of somebody else.
//!
//! Names follow the OpenTelemetry specification (Prometheus and OpenMetrics compatibility), strategy
//! `UnderscoreEscapingWithSuffixes`: `http.server.request.duration` in `s` is written
//! `http_server_request_duration_seconds`.

pub mod text;

pub(crate) mod name;

mod escape;
mod label_names;
mod number;
mod unit;
