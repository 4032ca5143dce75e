//! Telemetry about telemetry would never end: what serves an export is not observed.

use std::future::Future;
use std::pin::Pin;
use std::task::{Poll, ready};

use hyper::rt::Executor;
use opentelemetry::Context;
use pin_project_lite::pin_project;

/// Spawns the tasks of a connection with telemetry suppressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quiet;

/// Runs a future with telemetry suppressed, its end included: no SDK makes a span, a metric or a log record of it.
pub(crate) fn quietly<F: Future>(future: F) -> Quietly<F> {
    Quietly { future: Some(future), context: Context::current().with_telemetry_suppressed() }
}

pin_project! {
    /// A future that runs, and is dropped, with telemetry suppressed.
    pub(crate) struct Quietly<F> {
        #[pin]
        future: Option<F>,
        context: Context,
    }

    impl<F> PinnedDrop for Quietly<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What a connection says of a stream that is let go is of the export, too.
            let _quiet = this.context.clone().attach();
            this.future.set(None);
        }
    }
}

impl<F: Future> Future for Quietly<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _quiet = this.context.clone().attach();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let output = ready!(future.poll(task));
        this.future.set(None);
        Poll::Ready(output)
    }
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

    /// Notes how it is where it is dropped.
    struct Dropped(Option<oneshot::Sender<bool>>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.take().map(|sender| sender.send(Context::is_current_telemetry_suppressed()));
        }
    }

    #[tokio::test]
    async fn what_an_export_leaves_behind_is_let_go_unobserved() {
        for polls in [0, 1] {
            let (sender, dropped) = oneshot::channel();
            let held = Dropped(Some(sender));
            let mut future = Box::pin(quietly(async move {
                let _held = held;
                std::future::pending::<()>().await;
            }));
            for _ in 0..polls {
                assert!(futures_poll(future.as_mut()).await);
            }
            drop(future);
            assert_eq!(dropped.await, Ok(true), "after {polls} polls");
        }
    }

    /// Polls once; whether it is pending.
    async fn futures_poll(mut future: Pin<&mut impl Future>) -> bool {
        std::future::poll_fn(|task| Poll::Ready(future.as_mut().poll(task).is_pending())).await
    }
}
