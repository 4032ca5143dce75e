//! An exchange and its trace context, taken down to go on with elsewhere.

use std::fmt;
use std::future::Future;

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard};
use tower_telemetry_core::{Attached, Scope};

use super::carried::Carried;

/// For whom a thread works and the context of its spans: never one without the other.
///
/// A clone costs reference counts. It keeps the exchange's card and the handle of its span for as long as it
/// lives, but not the span open: that ends when the exchange does.
///
/// ```
/// use tower_telemetry_trace::tasks::Continuation;
///
/// let here = Continuation::capture(); // in a handler
/// let thread = std::thread::spawn(move || {
///     let _attached = here.attach();
///     // log lines and spans in here belong to the exchange
/// });
/// # thread.join().expect("it does not panic");
/// ```
#[derive(Clone, Default)]
pub struct Continuation {
    scope: Scope,
    context: Context,
}

impl Continuation {
    /// What is current on this thread now.
    #[must_use]
    pub fn capture() -> Self {
        Self { scope: Scope::current(), context: Context::current() }
    }

    pub(crate) const fn new(scope: Scope, context: Context) -> Self {
        Self { scope, context }
    }

    /// For whom the work is done.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The context of OpenTelemetry: the span that is the parent of what is made in it, and baggage.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// Goes on with it on this thread until the guard is dropped.
    ///
    /// For synchronous code: the guard must not be held over an `await`. Guards are dropped in the opposite
    /// order of their making, as the ends of blocks do it.
    #[must_use = "it lasts until the guard is dropped"]
    pub fn attach(&self) -> ContinuationGuard {
        ContinuationGuard { _context: self.context.clone().attach(), _scope: self.scope.clone().attach() }
    }

    /// Runs the closure within it.
    pub fn within<R>(&self, work: impl FnOnce() -> R) -> R {
        let _attached = self.attach();
        work()
    }

    /// This future within it: polled, finished or dropped.
    pub fn carry<F: Future>(self, future: F) -> Carried<F> {
        Carried::new(future, self)
    }

    pub(crate) fn into_parts(self) -> (Scope, Context) {
        (self.scope, self.context)
    }
}

impl AsRef<Self> for Continuation {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl fmt::Debug for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Continuation")
            .field("scope", &self.scope)
            .field("span", self.context.span().span_context())
            .finish()
    }
}

/// A thread goes on with a [`Continuation`] until this is dropped.
pub struct ContinuationGuard {
    _context: ContextGuard,
    _scope: Attached,
}

impl fmt::Debug for ContinuationGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContinuationGuard").finish_non_exhaustive()
    }
}
