//! The same by way of the disk: one side writes batches to the spool, the other pushes them from there.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};

use super::batch::Batch;
use super::client::Way;
use super::counts::Reason;
use super::level::Lines;
use super::queue::Queue;
use super::sender::{End, Sender};
use super::spool::Spool;
use super::stop::Stop;

/// How long a line waits for the spool, and what was written for the disk.
const SYNC: Duration = Duration::from_millis(500);

/// What both sides know. They take turns on one thread.
struct Shelf {
    queue: Arc<Queue>,
    spool: RefCell<Spool>,
    batch: RefCell<Batch>,
    /// A batch that the disk would not take: it is pushed when all before it are, and until then none comes after it.
    beside: Cell<Option<(Lines, Bytes)>>,
    /// Those of such a batch that are on their way: no disk keeps them.
    carried: Cell<Lines>,
    /// Something is there to be pushed.
    filled: Notify,
    side: Cell<Side>,
}

/// Whether more is to come from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Open,
    Closed,
}

/// What is taken out of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    All,
    /// What waits by now, not what comes while it is written.
    Once,
    /// What is left waits for others.
    FullBatches,
}

pub(crate) async fn run<W: Way>(mut sender: Sender<W>, batch: Batch, spool: Spool) {
    let (queue, stop, over) = (sender.queue.clone(), sender.stop.clone(), sender.stop.clone().over());
    let shelf = Shelf {
        queue,
        spool: RefCell::new(spool),
        batch: RefCell::new(batch),
        beside: Cell::new(None),
        carried: Cell::default(),
        filled: Notify::new(),
        side: Cell::new(Side::Open),
    };
    tokio::select! {
        () = async { tokio::join!(shelf.fill(stop), shelf.empty(&mut sender)); } => {}
        () = over => {}
    }
    shelf.close();
}

impl Shelf {
    /// Takes lines out of the queue, to the disk.
    async fn fill(&self, mut stop: Stop) {
        let mut ticks = interval(SYNC);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_given() {
            tokio::select! {
                _ = ticks.tick() => {
                    self.take(Extent::Once);
                    self.spool.borrow_mut().sync();
                }
                () = self.queue.filled(), if !self.is_blocked() => self.take(Extent::FullBatches),
                () = stop.given() => {}
            }
        }
        self.take(Extent::All);
        self.spool.borrow_mut().sync();
        self.side.set(Side::Closed);
        self.filled.notify_one();
    }

    /// Pushes what is there, the oldest first.
    async fn empty<W: Way>(&self, sender: &mut Sender<W>) {
        loop {
            // No borrow is held while something waits.
            let first = self.spool.borrow_mut().first();
            let end = match first {
                Some(load) => {
                    let end = sender.deliver(load.body.into(), &load.lines).await;
                    if end == End::Settled {
                        self.spool.borrow_mut().done(load.id);
                    }
                    end
                }
                None => match self.beside.take() {
                    Some((lines, body)) => {
                        self.carried.set(lines);
                        let end = sender.deliver(body, &lines).await;
                        self.carried.take();
                        if let End::GaveUp(lines) = end {
                            self.queue.count(|counts| counts.drop(Reason::Unreachable, &lines));
                        }
                        end
                    }
                    None if self.side.get() == Side::Closed => return,
                    None => {
                        self.filled.notified().await;
                        End::Settled
                    }
                },
            };
            // It gives up at the end alone. What is left waits on the disk.
            if end != End::Settled && self.side.get() == Side::Closed {
                return;
            }
        }
    }

    fn is_blocked(&self) -> bool {
        let beside = self.beside.take();
        let is_blocked = beside.is_some();
        self.beside.set(beside);
        is_blocked
    }

    fn take(&self, mut extent: Extent) {
        let mut batch = self.batch.borrow_mut();
        while !self.is_blocked() && (extent != Extent::FullBatches || self.queue.is_filled()) {
            if extent == Extent::Once {
                extent = Extent::FullBatches;
            }
            batch.clear();
            self.queue.take(&mut *batch);
            if batch.is_empty() {
                return;
            }
            let lines = *batch.lines();
            let body = batch.pack();
            let mut spool = self.spool.borrow_mut();
            if spool.append(&lines, body).is_err() {
                spool.failed();
                self.beside.set(Some((lines, Bytes::copy_from_slice(body))));
            }
            self.filled.notify_one();
        }
    }

    /// Whatever is still in memory goes to the disk, or is counted.
    fn close(&self) {
        self.queue.close();
        let carried = self.carried.take();
        self.queue.count(|counts| counts.drop(Reason::Shutdown, &carried));
        let lost = self.beside.take();
        if let Some((lines, body)) = lost
            && self.spool.borrow_mut().append(&lines, &body).is_err()
        {
            self.queue.count(|counts| counts.drop(Reason::Shutdown, &lines));
        }
        self.take(Extent::All);
        if let Some((lines, _)) = self.beside.take() {
            self.queue.count(|counts| counts.drop(Reason::Shutdown, &lines));
            self.queue.lose(Reason::Shutdown);
        }
        self.spool.borrow_mut().close();
    }
}
