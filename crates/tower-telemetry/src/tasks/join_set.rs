use std::future::Future;

use tokio::task::{AbortHandle, JoinSet};
use tower_telemetry_runtime::counted;
use tower_telemetry_trace::InExchange;

use super::spawn::blocking;

/// Spawns on a [`JoinSet`] within the exchange and the trace context that are current at the call, counted at the
/// place that calls.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use tower_telemetry::JoinSetExt;
///
/// let mut set = tokio::task::JoinSet::new();
/// set.spawn_in_exchange(async { 1 });
/// set.spawn_blocking_in_exchange(|| 2);
/// assert_eq!(set.join_all().await.into_iter().sum::<i32>(), 3);
/// # }
/// ```
pub trait JoinSetExt<T> {
    /// As [`JoinSet::spawn`].
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as tokio's own.
    #[track_caller]
    fn spawn_in_exchange(&mut self, future: impl Future<Output = T> + Send + 'static) -> AbortHandle
    where
        T: Send;

    /// As [`JoinSet::spawn_blocking`].
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as tokio's own.
    #[track_caller]
    fn spawn_blocking_in_exchange(&mut self, work: impl FnOnce() -> T + Send + 'static) -> AbortHandle
    where
        T: Send;
}

impl<T: 'static> JoinSetExt<T> for JoinSet<T> {
    #[track_caller]
    fn spawn_in_exchange(&mut self, future: impl Future<Output = T> + Send + 'static) -> AbortHandle
    where
        T: Send,
    {
        self.spawn(counted(future.in_exchange()))
    }

    #[track_caller]
    fn spawn_blocking_in_exchange(&mut self, work: impl FnOnce() -> T + Send + 'static) -> AbortHandle
    where
        T: Send,
    {
        self.spawn_blocking(blocking(work))
    }
}
