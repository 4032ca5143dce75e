//! The task that empties the queue.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::sleep;

use super::batch::Batch;
use super::client::Way;
use super::counts::Reason;
use super::sender::{End, Sender};
use super::spool::Spool;
use super::spooled;

/// How long a line waits for others.
const DELAY: Duration = Duration::from_secs(1);

/// Pushes batches, one after another, until it is told to stop: then until nothing waits or time is over.
pub(crate) async fn run<W: Way>(mut sender: Sender<W>, batch: Batch, spool: Option<Spool>) {
    let (queue, over) = (sender.queue.clone(), sender.stop.clone().over());
    match spool {
        Some(spool) => spooled::run(sender, batch, spool).await,
        None => {
            tokio::select! {
                () = push(&mut sender, batch) => {}
                () = over => {}
            }
            // What is on its way then counts as dropped, and so does what waits.
            queue.abandon(Reason::Shutdown);
        }
    }
}

async fn push<W: Way>(sender: &mut Sender<W>, mut batch: Batch) {
    let queue = sender.queue.clone();
    loop {
        let mut is_time = tokio::select! {
            () = queue.filled() => false,
            () = sleep(DELAY) => true,
            () = sender.stop.given() => true,
        };
        // Where a batch was full, the rest waits for others, and so does what comes during a push: else a service that
        // never rests would have a push for every few lines.
        while is_time || queue.is_filled() {
            is_time = sender.stop.is_given();
            batch.clear();
            queue.take(&mut batch);
            if batch.is_empty() {
                break;
            }
            let (lines, body) = (*batch.lines(), Bytes::copy_from_slice(batch.pack()));
            if let End::GaveUp(lines) = sender.deliver(body, &lines).await {
                queue.count(|counts| counts.drop(Reason::Unreachable, &lines));
                if sender.stop.is_given() {
                    // The others would fare no better, and each would take its time.
                    queue.abandon(Reason::Unreachable);
                }
            }
        }
        if sender.stop.is_given() && queue.is_empty() {
            return;
        }
    }
}
