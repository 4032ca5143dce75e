//! A value in an envelope, for channels and queues.

use std::future::Future;
use std::time::Duration;

use super::carried::Carried;
use super::continuation::Continuation;
use super::envelope::Envelope;

/// A value on its way through a channel or a queue, with the context of whoever sent it.
///
/// It is made where the value is sent, and run where it is received:
///
/// ```
/// use tokio::sync::mpsc;
/// use tower_telemetry_trace::tasks::Traced;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), mpsc::error::SendError<Traced<u64>>> {
/// let (sender, mut receiver) = mpsc::channel(16);
/// sender.send(Traced::new(17)).await?; // in a handler
///
/// if let Some(order) = receiver.recv().await { // in a worker
///     order.run(|order| async move { /* log lines and spans in here belong to the sender's exchange */
///         assert_eq!(order, 17);
///     }).await;
/// }
/// # Ok(())
/// # }
/// ```
///
/// `Clone` where the value is, for `broadcast` and `watch`: each receiver goes on with the same exchange. A
/// queue that is measured sends the place in it along: `Traced::new((job, pool.enqueued()))`.
#[derive(Debug, Clone)]
#[must_use = "a value that nobody sends or runs is dropped"]
pub struct Traced<T> {
    value: T,
    envelope: Envelope,
}

impl<T> Traced<T> {
    /// This value, handed over here and now.
    pub fn new(value: T) -> Self {
        Self::from_parts(value, Envelope::seal())
    }

    /// This value in an envelope that was sealed before.
    pub const fn from_parts(value: T, envelope: Envelope) -> Self {
        Self { value, envelope }
    }

    /// The value and its envelope.
    pub fn into_parts(self) -> (T, Envelope) {
        (self.value, self.envelope)
    }

    /// The value.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// The value, to change.
    pub const fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// What travels with the value.
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The value by reference, in an envelope that says the same.
    pub fn as_ref(&self) -> Traced<&T> {
        Traced::from_parts(&self.value, self.envelope.clone())
    }

    /// Another value made of this one, in the same envelope.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Traced<U> {
        Traced::from_parts(map(self.value), self.envelope)
    }

    /// How long the value is under way by now.
    pub fn waited(&self) -> Duration {
        self.envelope.waited()
    }

    /// The future that `work` makes of the value, within the context of whoever sent it.
    ///
    /// `work` runs within it, too. So do the drops of the future, finished or not.
    pub fn run<F: Future>(self, work: impl FnOnce(T) -> F) -> Carried<F> {
        let Self { value, envelope } = self;
        let continuation = envelope.into_continuation();
        let future = continuation.within(|| work(value));
        continuation.carry(future)
    }

    /// What `work` makes of the value, within the context of whoever sent it.
    pub fn run_blocking<R>(self, work: impl FnOnce(T) -> R) -> R {
        let Self { value, envelope } = self;
        envelope.continuation().within(|| work(value))
    }
}

impl<T> AsRef<Continuation> for Traced<T> {
    fn as_ref(&self) -> &Continuation {
        self.envelope.continuation()
    }
}
