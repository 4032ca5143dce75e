//! The word to stop: said once, heard by everyone who holds a [`Stop`].

use tokio::sync::watch;

/// Says the word. Dropping it says it, too.
#[derive(Debug)]
pub(crate) struct Trigger {
    word: watch::Sender<bool>,
}

impl Trigger {
    pub(crate) fn new() -> Self {
        Self { word: watch::Sender::new(false) }
    }

    pub(crate) fn stop(&self) -> Stop {
        Stop { word: self.word.subscribe() }
    }

    pub(crate) fn pull(&self) {
        self.word.send_replace(true);
    }
}

/// Hears the word.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    word: watch::Receiver<bool>,
}

impl Stop {
    /// Is ready once the word was said.
    pub(crate) async fn requested(mut self) {
        // An error means that the trigger is gone, which is the same word.
        let _ = self.word.wait_for(|said| *said).await;
    }

    pub(crate) fn is_requested(&self) -> bool {
        *self.word.borrow() || self.word.has_changed().is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::Trigger;

    #[tokio::test]
    async fn the_word_is_heard_by_those_who_come_late() {
        let trigger = Trigger::new();
        let early = trigger.stop();
        assert!(!early.is_requested());
        trigger.pull();
        trigger.stop().requested().await;
        early.requested().await;
    }

    #[tokio::test]
    async fn a_dropped_trigger_stops_everyone() {
        let trigger = Trigger::new();
        let stop = trigger.stop();
        drop(trigger);
        assert!(stop.is_requested());
        stop.requested().await;
    }
}
