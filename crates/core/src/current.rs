//! The exchange that is being polled on this thread, for handlers and for log lines.

use std::cell::Cell;
use std::sync::Arc;

use crate::exchange::Exchange;
use crate::work::Work;

thread_local! {
    static CURRENT: Cell<Option<Arc<Exchange>>> = const { Cell::new(None) };
    /// Apart, so that the request path swaps one pointer. An exchange is always further in.
    static WORK: Cell<Option<Arc<Work>>> = const { Cell::new(None) };
}

/// The exchange that is being handled on this thread, if there is one.
///
/// It is current while its layer polls the service or the response body, and while either is
/// dropped. A spawned task has none of its own: carry it there with [`Carry::carry`](crate::Carry::carry).
///
/// ```
/// use tower_telemetry_core as telemetry;
///
/// async fn handler() -> &'static str {
///     if let Some(exchange) = telemetry::current() {
///         exchange.set("cart.items", 3_i64); // on the span and on every log line
///         exchange.fail("payment_declined"); // error.type, although the status is 200
///     }
///     "see you soon"
/// }
/// # let _ = handler();
/// assert!(telemetry::current().is_none()); // outside an exchange there is none
/// ```
#[must_use]
pub fn current() -> Option<Arc<Exchange>> {
    CURRENT.try_with(peek).ok().flatten()
}

/// The work that is no exchange and that goes on on this thread; around the exchange, if there is one.
pub(crate) fn work() -> Option<Arc<Work>> {
    WORK.try_with(peek).ok().flatten()
}

/// Whether an exchange or other work is current; no reference is counted.
pub(crate) fn is_any() -> bool {
    CURRENT.try_with(holds).unwrap_or(false) || WORK.try_with(holds).unwrap_or(false)
}

fn holds<T>(slot: &Cell<Option<Arc<T>>>) -> bool {
    let held = slot.take();
    let is_some = held.is_some();
    slot.set(held);
    is_some
}

/// Nothing runs while the slot is empty: a clone of an `Arc` calls no code of others.
fn peek<T>(slot: &Cell<Option<Arc<T>>>) -> Option<Arc<T>> {
    let held = slot.take();
    slot.set(held.clone());
    held
}

/// Makes the exchange in `mine` current, by a swap, until the guard is dropped.
///
/// The swap costs no reference count; what was current before waits in `mine` meanwhile.
#[derive(Debug)]
pub(crate) struct Entered<'a>(&'a mut Option<Arc<Exchange>>);

impl<'a> Entered<'a> {
    pub(crate) fn new(mine: &'a mut Option<Arc<Exchange>>) -> Self {
        swap(mine);
        Self(mine)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        swap(self.0);
    }
}

/// A thread that is being torn down has no slot: then nothing is current, and nothing panics.
pub(crate) fn swap(mine: &mut Option<Arc<Exchange>>) {
    let _ = CURRENT.try_with(|slot| *mine = slot.replace(mine.take()));
}

pub(crate) fn swap_work(mine: &mut Option<Arc<Work>>) {
    let _ = WORK.try_with(|slot| *mine = slot.replace(mine.take()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Door;
    use crate::moment::Moment;
    use crate::side::Side;
    use crate::window::Window;

    fn exchange() -> Arc<Exchange> {
        let (mut head, ()) = http::Request::new(()).into_parts();
        Arc::clone(Door::new(Side::Server).arrive(&mut head, Window::NONE, None, Moment::now).exchange())
    }

    #[test]
    fn an_exchange_is_current_until_its_guard_is_dropped() {
        let (outer, inner) = (exchange(), exchange());
        let is_current = |exchange: &Arc<Exchange>| current().is_some_and(|now| Arc::ptr_eq(&now, exchange));
        let (mut outer_slot, mut inner_slot) = (Some(Arc::clone(&outer)), Some(Arc::clone(&inner)));
        {
            let _outer = Entered::new(&mut outer_slot);
            assert!(is_current(&outer));
            {
                let _inner = Entered::new(&mut inner_slot);
                assert!(is_current(&inner));
            }
            assert!(is_current(&outer));
        }
        assert!(current().is_none());
        assert!(outer_slot.is_some_and(|slot| Arc::ptr_eq(&slot, &outer)));
    }
}
