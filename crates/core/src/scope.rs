//! For whom a thread works: an exchange, other work, or nobody.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::current;
use crate::exchange::Exchange;
use crate::request_id::RequestId;
use crate::trace_ids::TraceIds;
use crate::work::Work;

/// For whom a thread works, taken down to go on with elsewhere: its exchange, or the card of other work.
///
/// A clone costs a reference count. It knows no trace context: a carrier that does builds on this one.
///
/// ```
/// use tower_telemetry_core::Scope;
///
/// let scope = Scope::current(); // in a handler
/// std::thread::spawn(move || {
///     let _attached = scope.attach();
///     // log lines in here have the ids of the exchange
/// })
/// .join()
/// .expect("it does not panic");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scope {
    exchange: Option<Arc<Exchange>>,
    work: Option<Arc<Work>>,
}

impl Scope {
    /// Nobody.
    pub const NOBODY: Self = Self { exchange: None, work: None };

    /// For whom this thread works now.
    #[must_use]
    pub fn current() -> Self {
        match current::current() {
            // What the exchange is handled in is none of its business.
            Some(exchange) => Self { exchange: Some(exchange), work: None },
            None => Self { exchange: None, work: current::work() },
        }
    }

    /// This work, and no exchange.
    #[must_use]
    pub fn of_work(work: Work) -> Self {
        Self { exchange: None, work: Some(Arc::new(work)) }
    }

    /// Whether this thread works for nobody now, at less cost than to look for whom.
    #[must_use]
    pub fn is_current_nobody() -> bool {
        !current::is_any()
    }

    /// Whether there is neither an exchange nor other work.
    #[must_use]
    pub const fn is_nobody(&self) -> bool {
        self.exchange.is_none() && self.work.is_none()
    }

    /// The exchange, if there is one.
    #[must_use]
    pub const fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.exchange.as_ref()
    }

    /// The other work, if there is no exchange.
    #[must_use]
    pub const fn work(&self) -> Option<&Arc<Work>> {
        self.work.as_ref()
    }

    /// The ids of the exchange's trace, or of the work's.
    #[must_use]
    pub fn trace(&self) -> Option<TraceIds> {
        match &self.exchange {
            Some(exchange) => exchange.trace(),
            None => self.work.as_ref()?.trace(),
        }
    }

    /// The span of another trace that asked for the work; an exchange has none.
    #[must_use]
    pub fn linked(&self) -> Option<&TraceIds> {
        self.work.as_ref()?.linked()
    }

    /// The id of the exchange's request, or of the one that asked for the work.
    #[must_use]
    pub fn request_id(&self) -> Option<&RequestId> {
        match &self.exchange {
            Some(exchange) => exchange.request_id(),
            None => self.work.as_ref()?.request_id(),
        }
    }

    /// Lets this thread work for it until the guard is dropped; then as before.
    ///
    /// Guards must be dropped in the opposite order, as the ends of blocks do it. The guard stays on its
    /// thread: it must not be held over an `await`, where another task may go on.
    #[must_use = "it lasts until the guard is dropped"]
    pub fn attach(mut self) -> Attached {
        self.swap();
        Attached { other: self, stays: PhantomData }
    }

    /// Puts itself in the place of what is current, which it then holds.
    pub(crate) fn swap(&mut self) {
        current::swap(&mut self.exchange);
        current::swap_work(&mut self.work);
    }
}

/// A thread works for a [`Scope`] until this is dropped.
#[derive(Debug)]
pub struct Attached {
    /// What was current before.
    other: Scope,
    /// What it changes is its thread's.
    stays: PhantomData<*const ()>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.other.swap();
    }
}

/// Lends a scope to the thread, by a swap: no reference is counted.
pub(crate) struct Lent<'a>(&'a mut Scope);

impl<'a> Lent<'a> {
    pub(crate) fn new(scope: &'a mut Scope) -> Self {
        scope.swap();
        Self(scope)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.0.swap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Door;
    use crate::moment::Moment;
    use crate::side::Side;
    use crate::window::Window;

    fn work(id: &str) -> Scope {
        Scope::of_work(Work::new().with_request_id(RequestId::new(id)))
    }

    fn exchange(id: &str) -> Scope {
        let (mut head, ()) = http::Request::new(()).into_parts();
        let arrival = Door::new(Side::Server).arrive(&mut head, Window::NONE, None, Moment::now);
        if let Some(id) = RequestId::new(id) {
            arrival.exchange().set_request_id(id);
        }
        Scope { exchange: Some(Arc::clone(arrival.exchange())), work: None }
    }

    fn now() -> Option<String> {
        Scope::current().request_id().map(ToString::to_string)
    }

    #[test]
    fn the_innermost_scope_is_current_whatever_its_kind() {
        let [outer, work_in_it, inner] = [exchange("outer"), work("work"), exchange("inner")];
        let _outer = outer.attach();
        {
            let _work = work_in_it.attach();
            assert_eq!(now().as_deref(), Some("work"));
            assert!(current::current().is_none(), "the work belongs to no exchange");
            {
                let _inner = inner.attach();
                assert_eq!(now().as_deref(), Some("inner"));
                assert!(Scope::current().work().is_none());
                let _nobody = Scope::NOBODY.attach();
                assert!(Scope::current().is_nobody());
            }
            assert_eq!(now().as_deref(), Some("work"));
        }
        assert_eq!(now().as_deref(), Some("outer"));
    }

    #[test]
    fn a_guard_leaves_nothing_behind() {
        let scope = exchange("a");
        let card = scope.exchange().map(Arc::downgrade);
        drop(scope.attach());
        assert!(Scope::current().is_nobody());
        assert!(card.is_some_and(|card| card.upgrade().is_none()));
    }
}
