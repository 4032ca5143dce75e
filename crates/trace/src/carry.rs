//! Context for a future that another task will poll.

use std::future::Future;

use crate::tasks::{Carried, Continuation};

/// Takes the current exchange and its trace context along into a future.
pub trait InExchange: Future + Sized {
    /// This future, within the exchange and the trace context that are current now.
    ///
    /// ```
    /// use tower_telemetry_trace::InExchange;
    ///
    /// async fn handler() {
    ///     let work = async { /* log lines and spans in here belong to the exchange */ };
    ///     let carried = work.in_exchange(); // for `tokio::spawn`
    ///     carried.await
    /// }
    /// # let _ = handler();
    /// ```
    fn in_exchange(self) -> Carried<Self> {
        Continuation::capture().carry(self)
    }
}

impl<F: Future> InExchange for F {}
