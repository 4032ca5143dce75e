//! Which traces are kept: at the head by rules and probabilities, at the end by what became of them.
//!
//! ```
//! use tower_telemetry_trace::sampling::Sampler;
//!
//! let sampler = Sampler::production(); // one in a hundred, and at the end what matters
//! # let _ = sampler;
//! ```
//!
//! With a change of mind:
//!
//! ```
//! use tower_telemetry_trace::sampling::{Forced, Head, Heads, Rules, Sampler, Tail};
//!
//! let sampler = Sampler::builder()
//!     .heads(Heads::parent_based(Head::probability(0.05)))
//!     .rules(Rules::default().keep("/pay").probability("/search", 0.2).background(0.01))
//!     .forced(Forced::by_header(http::HeaderName::from_static("x-debug-trace"), "a secret"))
//!     .tail(Tail::default().quantile(0.98))
//!     .budget(500.0)
//!     .build();
//! # let _ = sampler;
//! ```
//!
//! - **Follows** the parent by default, and OpenTelemetry's consistent probability sampling: a head reads `rv` and
//!   writes `th` in the `ot` entry of `tracestate`, so that all who sample a trace agree, and a back end can tell how
//!   many a kept one stands for. It claims no `th` where it does not know: for what was forced, kept at its end, or
//!   kept while the budget refused others.
//! - **Keeps** at the end errors, calls that are slow for their route, the first calls of a route, and what a callee
//!   kept its part of. That a caller is told, and keeps its own: a trace is whole from the root to the culprit.
//! - **Costs** at most its budget, in spans per second: no second sees more than 1.35 times as many. An error storm
//!   leaves slow traces their part, and shows at least once a minute on every route.
//! - **Forgets** nothing that it refused: [`Budget::refused`] counts.
//!
//! # Cardinality
//!
//! 512 routes and their methods have a latency of their own, of 7 kB each. What comes beyond shares one.

mod adaptive;
mod answers;
mod bucket;
mod budget;
mod builder;
mod cost;
mod forced;
mod head;
mod heads;
mod hex;
mod histogram;
mod keeper;
mod kept;
mod named;
mod ot;
mod past;
mod randomness;
mod route_latency;
mod route_table;
mod rules;
mod sampler;
mod tail;
mod threshold;

pub use adaptive::Adaptive;
pub use bucket::TokenBucket;
pub use budget::{Budget, Pool};
pub use builder::SamplerBuilder;
pub use forced::Forced;
pub use head::Head;
pub use heads::Heads;
pub use keeper::{Call, Hint, Keeper};
pub use named::SamplerNameError;
pub(crate) use ot::{Ot, take_back};
pub use randomness::Randomness;
pub use rules::{Action, Rule, Rules};
pub use sampler::Sampler;
pub use tail::Tail;
pub use threshold::Threshold;
