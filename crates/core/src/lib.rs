//! The exchange: one HTTP or gRPC request observed once, for every telemetry window to tell.
//!
//! At the door one person notes who the request is (side, protocol, method, when), gives it a card
//! ([`Exchange`]) and walks with it. Deeper in, the router writes its route on the card and the
//! trace window its ids. When the request leaves (finished, failed, dropped or in a panic) that
//! person reads the card aloud once, as an [`Outcome`], and the windows ([`Signal`]s) write the same
//! sentence down in their own hand: a metric, a span, a log line, a header. So they cannot disagree.
//!
//! ```
//! use tower_layer::Layer;
//! use tower_telemetry_core::SignalExt;
//!
//! # #[derive(Clone)] struct Metrics;
//! # impl tower_telemetry_core::Signal for Metrics {
//! #     type Observer = ();
//! #     fn start(&self, _: &tower_telemetry_core::Exchange, _: &mut http::request::Parts) {}
//! # }
//! # #[derive(Clone)] struct App;
//! // One wrapper for any number of windows, on either side of any tower stack of HTTP requests:
//! let service = (Metrics, ()).server().layer(App);
//! # let _ = service;
//! ```
//!
//! This crate knows the vocabulary of tower and http, and nothing of tokio, tracing, OpenTelemetry
//! or Prometheus. The request path stands in [`observe`]; everything else is data in, data out.
//!
//! # Features
//!
//! - `axum`: `MatchedPath` becomes the route, `ConnectInfo<SocketAddr>` the peer; [`RequestId`] is an extractor.
//! - `tonic`: `GrpcMethod` becomes the route of an outgoing call, `TcpConnectInfo` the peer.
//! - `routes`: a declared [`RouteTable`], matched at the door.
//! - `tower`: tower's own errors get an `error.type` of their own.

pub mod authority;
pub mod baggage;
mod body_reader;
mod cache_status;
pub mod classify;
mod current;
mod door;
mod exchange;
mod fault;
pub mod forwarded;
pub mod grpc;
pub mod grpc_web;
mod intern;
mod length;
pub mod method;
mod moment;
pub mod names;
#[doc(hidden)]
pub mod nanos;
pub mod notes;
pub mod observe;
mod once_words;
mod outcome;
mod ows;
mod peer;
mod pick;
mod protocol;
mod request_id;
#[cfg(feature = "axum")]
mod request_id_extractor;
mod route;
mod route_layer;
pub mod rpc_methods;
mod scope;
mod session;
mod shelf;
mod side;
mod signal;
mod skip;
mod stacks;
mod ticket;
pub mod trace_ids;
pub mod trace_state;
mod traffic;
mod trust;
mod trust_policy;
mod window;
mod work;

pub use authority::Authority;
pub use baggage::Baggage;
pub use cache_status::CacheStatus;
pub use classify::Classify;
pub use current::current;
pub use exchange::Exchange;
pub use grpc::Code;
pub use moment::Moment;
pub use notes::{Label, Value};
pub use observe::limit::{Admission, LimitWatch, ObserveLimit};
pub use observe::{
    AsIs, Carried, Carry, Enqueued, MapBody, Observe, ObserveLayer, RequestBody, RequestBodyLayer,
    RequestBodyService, ResponseBody, ResponseFuture, SignalExt,
};
pub use outcome::{Ending, Facts, Judgement, Outcome, Verdict, grpc_status, judge};
pub use peer::PeerAddr;
#[doc(hidden)]
pub use pick::pick;
pub use protocol::{Protocol, Scheme};
pub use request_id::RequestId;
#[cfg(feature = "axum")]
pub use request_id_extractor::NoRequestId;
pub use route::Route;
pub use route_layer::{RouteLayer, RouteService};
pub use scope::{Attached, Scope};
pub use session::Session;
pub use side::Side;
pub use signal::{Observer, Signal};
pub use skip::Skip;
#[cfg(feature = "axum")]
pub use stacks::axum::AxumBody;
#[cfg(feature = "routes")]
pub use stacks::table::{RouteTable, RouteTableError};
pub use ticket::Arrival;
pub use trace_ids::TraceIds;
pub use trace_state::TraceState;
pub use trust::Trust;
pub use trust_policy::TrustPolicy;
pub use window::Window;
pub use work::Work;
