//! The short way to a counted task.

use std::future::Future;

use tokio::task::JoinHandle;

use super::counted::Counted;
use super::registry::Tasks;

/// As [`tokio::spawn`], with the task counted at the place that calls.
///
/// It carries no context: give it a future that does, or use `tower_telemetry::spawn`, which does both.
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
    tokio::spawn(counted(future))
}

/// This future as a task of the place that calls, for a `JoinSet` and whatever else spawns.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut set = tokio::task::JoinSet::new();
/// set.spawn(tower_telemetry_runtime::counted(async { 42 }));
/// assert_eq!(set.join_all().await, [42]);
/// # }
/// ```
///
/// Never panics.
#[track_caller]
pub fn counted<F>(future: F) -> Counted<F> {
    Tasks::process().counted(future)
}

/// As [`counted`], for a task that lives as long as a connection, however long that is. Any number of them is no
/// leak.
///
/// ```
/// # async fn serve_socket() {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// tokio::spawn(tower_telemetry_runtime::connection(serve_socket()));
/// # }
/// ```
///
/// Never panics.
#[track_caller]
pub fn connection<F>(future: F) -> Counted<F> {
    Tasks::process().connection(future)
}
