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
