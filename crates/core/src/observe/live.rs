//! The running half of an exchange, held by whoever is polled.

use std::sync::Arc;
use std::time::Duration;

use http::request;

use crate::current::Entered;
use crate::exchange::Exchange;
use crate::moment::Moment;
use crate::observe::layer::Plan;
use crate::observe::running::Running;
use crate::outcome::Ending;
use crate::signal::{Observer, Signal};

/// The running half of an observed exchange. It moves from the future to the body, and whoever
/// drops it open tells the ending.
pub(crate) struct Live<O: Observer> {
    /// The exchange again, to lend to the thread: a swap, not a count.
    slot: Option<Arc<Exchange>>,
    running: Running<O>,
}

impl<O: Observer> Live<O> {
    pub(crate) fn start<S>(plan: &Plan<S>, head: &mut request::Parts, waited: Option<Duration>) -> Self
    where
        S: Signal<Observer = O>,
    {
        let arrival = plan.door.arrive(head, S::WINDOW, waited, Moment::now);
        let mut slot = Some(Arc::clone(&arrival.exchange));
        let observer = {
            let _entered = Entered::new(&mut slot);
            plan.signal.admit(&arrival, head)
        };
        Self { slot, running: Running::new(arrival.exchange, observer) }
    }

    /// Runs `f` with the exchange current, within the observer's guard.
    pub(crate) fn within<R>(&mut self, f: impl FnOnce(&mut Running<O>) -> R) -> R {
        let (_entered, running) = self.enter();
        let _guard = running.guard();
        f(running)
    }

    /// Makes the exchange current until what is given beside is dropped.
    pub(crate) fn enter(&mut self) -> (Entered<'_>, &mut Running<O>) {
        let Self { slot, running } = self;
        (Entered::new(slot), running)
    }
}

impl<O: Observer> Drop for Live<O> {
    fn drop(&mut self) {
        if self.running.observer.is_some() {
            let ending = if self.running.polling { Ending::Panicked } else { Ending::Dropped };
            self.within(|running| running.tell(ending));
        }
    }
}
