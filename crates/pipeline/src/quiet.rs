//! Telemetry about telemetry would never end: what serves an export is not observed.

use std::future::Future;

use hyper::rt::Executor;
use opentelemetry::Context;
use opentelemetry::context::FutureExt;

/// Spawns the tasks of a connection with telemetry suppressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quiet;

/// Runs a future with telemetry suppressed: no SDK makes a span or a metric of it.
pub(crate) fn quietly<F: Future>(future: F) -> impl Future<Output = F::Output> {
    future.with_context(Context::current().with_telemetry_suppressed())
}

impl<F> Executor<F> for Quiet
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        drop(tokio::spawn(quietly(future)));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn an_export_and_the_tasks_of_its_connection_are_not_observed() {
        assert!(!Context::is_current_telemetry_suppressed());
        assert!(quietly(async { Context::is_current_telemetry_suppressed() }).await);
        let (sender, spawned) = oneshot::channel();
        Quiet.execute(async {
            let _ = sender.send(Context::is_current_telemetry_suppressed());
        });
        assert_eq!(spawned.await, Ok(true));
        assert!(!Context::is_current_telemetry_suppressed());
    }
}
