//! What goes on when a connection has left HTTP: a WebSocket, a tunnel.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::exchange::Exchange;
use crate::outcome::Ending;

/// A part of the work that goes on after an exchange was upgraded; held by the future that does it.
///
/// An upgrade ends the exchange at its head, since no layer can see what follows. Who carries the exchange into the
/// future that owns the socket holds one of these there: when the last of an exchange is dropped, whatever happened,
/// the session is over and its length is told. Of an exchange that was not upgraded it says nothing.
///
/// ```
/// use tower_telemetry_core::{Session, current};
///
/// async fn handler() {
///     let session = current().as_ref().map(Session::of);
///     let conversation = async move {
///         // .. the socket is read here ..
///         drop(session);
///     };
/// #   conversation.await;
///     // tokio::spawn(conversation), and the answer is 101 Switching Protocols
/// }
/// # let _ = handler();
/// ```
#[derive(Debug)]
pub struct Session {
    exchange: Arc<Exchange>,
}

/// The sessions of one exchange, made with the first of them.
#[derive(Default)]
pub(crate) struct Sessions {
    held: AtomicUsize,
    hooks: Mutex<Vec<Hook>>,
}

type Hook = Box<dyn FnOnce(&Exchange, Duration) + Send>;

impl Session {
    /// A part of the session of this exchange, should it be upgraded.
    #[must_use]
    pub fn of(exchange: &Arc<Exchange>) -> Self {
        exchange.sessions().held.fetch_add(1, Ordering::Relaxed);
        Self { exchange: Arc::clone(exchange) }
    }
}

impl Clone for Session {
    fn clone(&self) -> Self {
        Self::of(&self.exchange)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Released by each, acquired by the last: it finds the hooks as they were left.
        if self.exchange.sessions().held.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.exchange.end_session();
        }
    }
}

impl Exchange {
    /// Asks to be told when the session of this exchange is over, and how long after the response head that was.
    ///
    /// For windows, at the end of an exchange that was [upgraded](Ending::Upgraded). What `hook` owns is dropped when
    /// nobody holds the exchange any more, if it has no session by then. The hook must not panic.
    pub fn at_session_end(&self, hook: impl FnOnce(&Self, Duration) + Send + 'static) {
        self.sessions().hooks.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(hook));
    }

    fn sessions(&self) -> &Sessions {
        &self.rare().sessions
    }

    fn end_session(&self) {
        let Some(outcome) = self.outcome().filter(|outcome| outcome.ending == Ending::Upgraded) else {
            return;
        };
        let length = self.age().saturating_sub(outcome.head.unwrap_or(outcome.total));
        // Not while the lock is held: a hook may look at the exchange.
        let hooks =
            std::mem::take(&mut *self.sessions().hooks.lock().unwrap_or_else(PoisonError::into_inner));
        hooks.into_iter().for_each(|hook| hook(self, length));
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("held", &self.held).finish_non_exhaustive()
    }
}
