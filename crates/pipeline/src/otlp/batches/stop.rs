//! The word that it ends, and until when.

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Hears the word.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<Option<Instant>>);

impl Stop {
    pub(crate) fn channel() -> (watch::Sender<Option<Instant>>, Self) {
        let (sender, receiver) = watch::channel(None);
        (sender, Self(receiver))
    }

    /// Whether it has been given.
    pub(crate) fn is_given(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits for the word; for ever, where nobody is left to give it.
    pub(crate) async fn given(&mut self) -> Instant {
        let given = self.0.wait_for(Option::is_some).await.ok().and_then(|at| *at);
        match given {
            Some(deadline) => deadline,
            None => std::future::pending().await,
        }
    }

    /// Waits for the end.
    pub(crate) async fn over(mut self) {
        sleep_until(self.given().await).await;
    }
}
