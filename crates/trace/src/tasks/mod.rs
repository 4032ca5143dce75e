//! What goes on elsewhere: in another task or thread, behind a channel or a broker.
//!
//! | hand-over | with | span | ids on log lines |
//! |---|---|---|---|
//! | `.await`, `join!`, a stream | nothing | the same | the same three |
//! | a task, a blocking thread, a `JoinSet` | [`in_exchange`](crate::InExchange), `spawn` and its kin | the one current at the call | the same three |
//! | a channel, a pool of workers | [`Traced`] | that of the sender | the same three |
//! | a broker | [`Envelope::to_headers`], [`Envelope::from_headers`] | that of the sender, remote | the trace and the request id |
//! | a piece of work with a span | [`Spans::continue_as`] | a child | the same three; after a broker its own span id |
//! | later or batched work | [`Spans::start_linked`] | a new trace, with links | its own, the request id, `linked_trace_id` |
//!
//! Context is taken when work is handed over, not when it is first polled. What carries it is dropped with
//! the work, so an idle worker keeps nothing of an exchange.

mod carried;
mod continuation;
mod envelope;
mod spans;
mod traced;
mod wire;
mod work_future;
mod work_span;

#[cfg(feature = "tokio")]
mod join_set;
#[cfg(feature = "tokio")]
mod spawn;

pub use carried::Carried;
pub use continuation::{Continuation, ContinuationGuard};
pub use envelope::Envelope;
#[cfg(feature = "tokio")]
pub use join_set::JoinSetExt;
pub use spans::Spans;
#[cfg(feature = "tokio")]
pub use spawn::{spawn, spawn_blocking};
pub use traced::Traced;
pub use work_future::WorkFuture;
pub use work_span::WorkSpan;
