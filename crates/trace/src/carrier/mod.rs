//! A `tracing` span that carries an exchange into tasks, for spawns that cannot be changed.
//!
//! The span of an exchange is an OpenTelemetry span, which `tracing` knows nothing of: a task that is spawned with
//! `.in_current_span()` or `.instrument(span)` carries nothing of the exchange. With a carrier it does. Two parts
//! belong together:
//!
//! ```
//! use opentelemetry::trace::TracerProvider;
//! use opentelemetry_sdk::trace::SdkTracerProvider;
//! use tower_telemetry_core::SignalExt;
//! use tower_telemetry_trace::Trace;
//! use tower_telemetry_trace::carrier::{Carrier, CarrierLayer, hide_carriers};
//! use tracing_subscriber::prelude::*;
//!
//! let provider = SdkTracerProvider::builder().build();
//!
//! // A span around every exchange, further in than the trace window:
//! let layer = (Trace::with_tracer_provider(&provider), Carrier::new()).server();
//!
//! // A layer that takes up in a task what the span carries:
//! let subscriber = tracing_subscriber::registry().with(CarrierLayer::new()).with(
//!     tracing_opentelemetry::layer().with_tracer(provider.tracer("shop")).with_filter(hide_carriers()),
//! );
//! # let _ = (layer, subscriber);
//! ```
//!
//! In a task or on a thread where nothing is current, to enter the carrier or any span inside of it makes the
//! exchange current, and its OpenTelemetry context with it, for as long as the span is entered. So log lines have the
//! ids, outgoing calls are children of the exchange's span and have its request id, and spans that are made there
//! have the right parent, with tracing-opentelemetry or without. Where something is current already, nothing is
//! changed: the span fills a gap.
//!
//! - **Without the filter** tracing-opentelemetry exports each carrier as a span, and its children under it.
//! - **Not carried**: a bare `tokio::spawn(future)`, which has no span; what is logged in a span of another
//!   exchange.
//! - **Level** of the span: ERROR, so that a filter by level lets it pass; its target is [`TARGET`].
//! - **Costs** one span for each exchange, entered at every poll. A task keeps the exchange's card for as long as it
//!   keeps the span.
//!
//! [`InExchange::in_exchange`](crate::InExchange::in_exchange) carries the same and needs neither.

mod layer;
mod observer;
mod signal;
mod slot;

pub use layer::{CarrierLayer, hide_carriers};
pub use observer::{CarrierGuard, CarrierObserver};
pub use signal::Carrier;

/// The target of carrier spans, for filters.
pub const TARGET: &str = "tower_telemetry::carrier";
