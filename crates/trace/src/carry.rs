//! Context for work that another task does.

use std::future::Future;

use opentelemetry::Context;
use opentelemetry::trace::FutureExt;
use tower_telemetry_core::{Carried, Carry};

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
    fn in_exchange(self) -> Carried<opentelemetry::context::WithContext<Self>> {
        self.with_context(Context::current()).carry()
    }
}

impl<F: Future> InExchange for F {}
