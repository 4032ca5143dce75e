//! The end, as the worker hears of it.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Tells the worker to come to an end, once.
#[derive(Debug)]
pub(crate) struct Stopper(watch::Sender<Option<Instant>>);

/// Hears of the end.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<Option<Instant>>);

impl Stop {
    pub(crate) fn channel() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(None);
        (Stopper(sender), Self(receiver))
    }

    pub(crate) fn is_given(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Returns when the end is wanted.
    pub(crate) async fn given(&mut self) {
        self.limit().await;
    }

    /// Returns when time is over.
    pub(crate) async fn over(mut self) {
        sleep_until(self.limit().await).await;
    }

    async fn limit(&mut self) -> Instant {
        let limit = self.0.wait_for(Option::is_some).await.ok().and_then(|limit| *limit);
        match limit {
            Some(limit) => limit,
            // Nobody is left to want it: lines go on as long as the process.
            None => std::future::pending().await,
        }
    }
}

impl Stopper {
    /// The first word counts.
    pub(crate) fn stop(&self, within: Duration) {
        self.0.send_if_modified(|stop| {
            let first = stop.is_none();
            stop.get_or_insert(Instant::now() + within);
            first
        });
    }
}
