//! The trace window: trace context and OpenTelemetry spans for HTTP and gRPC exchanges.
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
//! - **Reads** `traceparent`, `tracestate` and `baggage` on the server side, strictly by W3C Trace
//!   Context level 2 and W3C Baggage, and `x-trace-id` of callers that are believed and send no `traceparent`: the name
//!   of the trace that begins, where a decision is made here; **writes** them on the client side, in place of any that stand
//!   there. [`Propagation`] chooses other formats, and who is told. With a decision of its own it
//!   **writes** `server-timing` on the server side, where a trace is kept, and **reads** it, and
//!   `traceresponse`, on the client side, of callees that are believed ([`Peers`]).
//! - **Emits** one span of kind SERVER or CLIENT from arrival to the end of the response body, by
//!   the semantic conventions. The OpenTelemetry `Context` is attached around `call`, every poll and
//!   every drop, so that spans made inside are its children.
//! - **Costs** no attribute where the sampler says no: one allocation, the context; one more where
//!   the end is still to decide.
//!
//! # One decision
//!
//! With a provider of one's own, its sampler decides, and that is all. [`Trace::with_decision`] has a
//! [`Decide`] asked once for each exchange, before anything is built: [`Decision::Record`] makes a span,
//! [`Decision::Drop`] none, and [`Decision::Wait`] keeps the card and cheap clones of the head until
//! the [`Outcome`](tower_telemetry_core::Outcome) is known. What is kept then is written once, as the span that would
//! have been recorded: for a server with its calls, of which sixteen wait and the rest is counted
//! (`tower_telemetry.calls.dropped`); for a call outside any request alone. Spans that the program
//! makes within an exchange that waits are not there, for it was not known that they are wanted; unless the
//! sink [holds](SpanSink::hold) them meanwhile.
//!
//! A callee that keeps its part tells its caller so, and the caller keeps its own: the path from the
//! edge to the culprit is one trace, though each process decides alone.
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

mod active;
mod answer;
mod arrival;
mod attributes;
mod begin;
mod capture;
#[cfg(feature = "carrier")]
pub mod carrier;
mod carry;
mod client;
mod decide;
mod decided;
mod decision;
mod extra;
pub mod handover;
mod held;
mod hints;
mod host;
#[cfg(feature = "tonic")]
pub mod interceptor;
mod joined;
mod late;
mod layer;
mod naming;
mod observer;
mod probability;
mod propagation;
mod recording;
mod redact;
pub mod sampling;
mod sink;
mod streams;
mod style;
pub mod tasks;
mod unsampled;

pub use active::active_span;
pub use capture::{Capture, CaptureError};
pub use carry::InExchange;
pub use decide::{Decide, Decision, Learning, Origin, Parent, Question, Reason, Response};
pub use extra::Extra;
pub use held::HeldSpans;
pub use hints::{Hints, Peers};
pub use layer::{Trace, TraceLayer, scope};
pub use naming::{Named, SpanNaming};
pub use observer::TraceObserver;
pub use propagation::{Destinations, Format, Propagation, Refusals, TextMap, UnknownFormat};
pub use sink::{FinishedSpan, SpanSink};
pub use streams::StreamSpans;
