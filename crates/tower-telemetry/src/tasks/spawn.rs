use std::future::Future;

use tokio::task::JoinHandle;
use tower_telemetry_runtime::counted;
use tower_telemetry_trace::InExchange;
use tower_telemetry_trace::tasks::Continuation;

/// As [`tokio::spawn`], within the exchange and the trace context that are current at this call, and counted at
/// the place that calls, so that a leak is told with its place.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// async fn handler() {
///     tower_telemetry::spawn(async { /* log lines and spans in here belong to the exchange */ });
/// }
/// # handler().await;
/// # Ok(())
/// # }
/// ```
///
/// Work that outlives its request better has a trace of its own: see
/// [`Spans::start_linked`](crate::Spans::start_linked).
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
    tokio::spawn(counted(future.in_exchange()))
}

/// As [`tokio::task::spawn_blocking`], within the exchange and the trace context that are current at this call, and
/// counted at the place that calls.
///
/// # Panics
///
/// Outside of a tokio runtime, as tokio's own.
#[track_caller]
pub fn spawn_blocking<R>(work: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R>
where
    R: Send + 'static,
{
    tokio::task::spawn_blocking(blocking(work))
}

/// The closure within what is current, counted at the place that calls until it is over.
#[track_caller]
pub(super) fn blocking<R>(work: impl FnOnce() -> R + Send + 'static) -> impl FnOnce() -> R + Send + 'static {
    let (here, counted) = (Continuation::capture(), counted(()));
    move || {
        let _counted = counted;
        here.within(work)
    }
}
