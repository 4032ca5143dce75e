//! Brings one batch to Loki: again where that makes sense, in parts where something in it is wrong.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{sleep, timeout};

use super::answer::Answer;
use super::backoff::{self, ATTEMPTS};
use super::client::Way;
use super::counts::{Reason, add};
use super::level::Lines;
use super::queue::Queue;
use super::split::{self, Entry, Opened};
use super::stop::Stop;

/// How long an attempt may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// At the end nobody who does not answer is waited for.
const LAST_ATTEMPTS: u32 = 3;
/// Pushes to find what is wrong in one batch: enough for some fifty lines of thousands. Beyond, it is the whole.
const PARTS: usize = 1_024;

/// One batch after another.
#[derive(Debug)]
pub(crate) struct Sender<W> {
    pub(crate) way: W,
    pub(crate) queue: Arc<Queue>,
    pub(crate) stop: Stop,
    pub(crate) patience: Patience,
}

/// How often the same is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// A few times: others wait in memory.
    Bounded,
    /// For ever: the spool keeps it.
    Endless,
}

/// What came of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum End {
    /// All is counted: each line was pushed, or refused.
    Settled,
    /// Loki could not be had, for these lines of it.
    GaveUp(Lines),
}

/// What came of a body.
enum Sent {
    Taken,
    Wrong,
    Refused,
    GaveUp,
}

impl<W: Way> Sender<W> {
    /// Brings it there, and counts what came of it.
    pub(crate) async fn deliver(&mut self, body: Bytes, lines: &Lines) -> End {
        match self.send(body.clone()).await {
            Sent::Taken => self.queue.count(|counts| counts.push(lines)),
            Sent::Refused => self.refuse(lines),
            Sent::GaveUp => return End::GaveUp(*lines),
            Sent::Wrong => match Opened::of(&body) {
                Some(opened) => return self.find(&opened.entries()).await,
                // Never: it is of our own making. In a spool it has a checksum.
                None => self.refuse(lines),
            },
        }
        End::Settled
    }

    /// Sends the halves of what is wrong, and the halves of those that are, until single lines are left.
    async fn find(&mut self, entries: &[Entry<'_>]) -> End {
        let mut pieces = halves(entries);
        let mut parts = 0;
        if pieces.is_empty() {
            self.refuse(&split::count(entries));
        }
        while let Some(piece) = pieces.pop() {
            parts += 1;
            let lines = split::count(piece);
            if parts > PARTS {
                self.refuse(&lines);
                continue;
            }
            match self.send(split::body(piece).into()).await {
                Sent::Taken => self.queue.count(|counts| counts.push(&lines)),
                Sent::Refused => self.refuse(&lines),
                Sent::Wrong if piece.len() == 1 => self.refuse(&lines),
                Sent::Wrong => pieces.extend(halves(piece)),
                Sent::GaveUp => {
                    let mut left = lines;
                    pieces.iter().for_each(|piece| add(&mut left, &split::count(piece)));
                    return End::GaveUp(left);
                }
            }
        }
        End::Settled
    }

    /// Sends a body, again and again while Loki may take it later.
    async fn send(&mut self, body: Bytes) -> Sent {
        let mut is_ending = self.stop.is_given();
        let mut failed = 0;
        loop {
            let answer = timeout(TIMEOUT, self.way.push(body.clone())).await.unwrap_or(Answer::Unreachable);
            let asked = match answer {
                Answer::Taken => {
                    self.queue.count(|counts| counts.pushes.success += 1);
                    return Sent::Taken;
                }
                Answer::Wrong | Answer::Refused => {
                    self.queue.count(|counts| counts.pushes.refused += 1);
                    return if answer == Answer::Wrong { Sent::Wrong } else { Sent::Refused };
                }
                Answer::Later(asked) => asked,
                Answer::Unreachable => None,
            };
            self.queue.count(|counts| counts.pushes.retry += 1);
            failed += 1;
            let most = match (is_ending, answer, self.patience) {
                (true, Answer::Unreachable, _) => LAST_ATTEMPTS,
                // Until time is over.
                (true, ..) | (_, _, Patience::Endless) => u32::MAX,
                (false, _, Patience::Bounded) => ATTEMPTS,
            };
            if failed >= most {
                return Sent::GaveUp;
            }
            tokio::select! {
                () = sleep(backoff::wait(failed, asked)) => {}
                // At once, also where it was given during the attempt.
                () = self.stop.given(), if !is_ending => (is_ending, failed) = (true, 0),
            }
        }
    }

    fn refuse(&self, lines: &Lines) {
        self.queue.count(|counts| counts.drop(Reason::Refused, lines));
    }
}

/// The halves, the first on top; none of a single line.
fn halves<'a, 'b>(entries: &'a [Entry<'b>]) -> Vec<&'a [Entry<'b>]> {
    if entries.len() < 2 {
        return Vec::new();
    }
    let (first, second) = entries.split_at(entries.len() / 2);
    vec![second, first]
}
