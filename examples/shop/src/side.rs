//! Services that stop together.

use std::error::Error;

use tokio::task::JoinSet;

use crate::stop::{Stop, Trigger};

/// The services, and the word that stops them.
#[derive(Debug)]
pub(crate) struct Side {
    trigger: Trigger,
    tasks: JoinSet<()>,
}

impl Side {
    pub(crate) fn new() -> Self {
        Self { trigger: Trigger::new(), tasks: JoinSet::new() }
    }

    pub(crate) fn stop(&self) -> Stop {
        self.trigger.stop()
    }

    pub(crate) fn run<F, E>(&mut self, service: impl FnOnce(Stop) -> F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Error,
    {
        let service = service(self.trigger.stop());
        self.tasks.spawn(async {
            if let Err(error) = service.await {
                eprintln!("shop: {error}");
            }
        });
    }

    /// Something that goes on beside the services until the word to stop.
    pub(crate) fn beside(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.trigger.stop();
        self.tasks.spawn(async {
            tokio::select! {
                () = stop.requested() => {}
                () = work => {}
            }
        });
    }

    pub(crate) async fn close(mut self) {
        self.trigger.pull();
        while self.tasks.join_next().await.is_some() {}
    }
}
