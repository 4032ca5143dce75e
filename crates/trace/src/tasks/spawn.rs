//! Tasks of tokio that go on with what is current.

use std::future::Future;

use tokio::task::JoinHandle;

use super::continuation::Continuation;
use crate::carry::InExchange;

/// As [`tokio::spawn`], within the exchange and the trace context that are current at this call.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// use tower_telemetry_trace::tasks;
///
/// tasks::spawn(async { /* log lines and spans in here belong to the exchange */ }).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// Outside of a tokio runtime, as tokio's own.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(future.in_exchange())
}

/// As [`tokio::task::spawn_blocking`], within the exchange and the trace context that are current at this call.
///
/// # Panics
///
/// Outside of a tokio runtime, as tokio's own.
#[track_caller]
pub fn spawn_blocking<R>(work: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R>
where
    R: Send + 'static,
{
    let here = Continuation::capture();
    tokio::task::spawn_blocking(move || here.within(work))
}
