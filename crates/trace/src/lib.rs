//! The trace window: W3C trace context and OpenTelemetry spans for HTTP and gRPC exchanges.
//!
//! ```
//! use opentelemetry_sdk::trace::SdkTracerProvider;
//! use tower_telemetry_core::SignalExt;
//! use tower_telemetry_trace::Trace;
//!
//! let provider = SdkTracerProvider::builder().build();
//! let layer = Trace::with_tracer_provider(&provider).server(); // or `.client()`
//! # let _ = layer;
//! ```
//!
//! With a change of mind, for a service that strangers can reach:
//!
//! ```
//! # use opentelemetry_sdk::trace::SdkTracerProvider;
//! # use tower_telemetry_core::{SignalExt, Trust};
//! # use tower_telemetry_trace::{SpanNaming, Trace};
//! # let provider = SdkTracerProvider::builder().build();
//! let layer = Trace::with_tracer_provider(&provider)
//!     .with_trust(Trust::Link)
//!     .with_naming(SpanNaming::Prefixed)
//!     .server();
//! # let _ = layer;
//! ```
//!
//! - **Stands** anywhere; an outgoing request is given its context where the client layer stands,
//!   so a client layer belongs below a retry.
//! - **Reads** `traceparent` and `tracestate` on the server side, strictly by W3C Trace Context
//!   level 2; **writes** them on the client side, in place of any that stand there.
//! - **Emits** one span of kind SERVER or CLIENT from arrival to the end of the response body, by
//!   the semantic conventions. The OpenTelemetry `Context` is attached around `call`, every poll and
//!   every drop, so that spans made inside are its children.
//! - **Costs** no attribute where the sampler says no.
//!
//! An edge span is no `tracing` span: a task that a handler spawns carries nothing of it unless
//! asked to, with [`InExchange::in_exchange`]. [`tasks`] has the rest: channels, brokers, spans for
//! pieces of work.
//!
//! # Features
//!
//! - `tokio`: `spawn`, `spawn_blocking` and `JoinSetExt` in [`tasks`].
//! - `carrier`: a `tracing` span that carries the exchange into tasks, for spawns that cannot be changed.
//! - `tonic`: interceptors, for those who cannot use layers.

mod arrival;
mod attributes;
#[cfg(feature = "carrier")]
pub mod carrier;
mod carry;
mod decide;
mod host;
#[cfg(feature = "tonic")]
pub mod interceptor;
mod layer;
mod naming;
mod observer;
mod propagation;
mod redact;
mod sink;
pub mod tasks;

pub use carry::InExchange;
pub use decide::{Decide, Decision, Origin, Parent, Question, Reason, Response};
pub use layer::{Trace, TraceLayer};
pub use naming::SpanNaming;
pub use observer::TraceObserver;
pub use sink::{FinishedSpan, SpanSink};
