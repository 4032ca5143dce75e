//! The log window as a signal.

use http::request;
use tower_telemetry_core::{Exchange, ObserveLayer, Observer, Outcome, Signal, Window};

use crate::access::line::AccessLine;
use crate::access::rules::{AccessRules, Admission};
use crate::exception;

/// The layer of the log window, on either side.
pub type LogContextLayer = ObserveLayer<LogContext>;

/// The log window: one line when an exchange is over, with its route, its status and its outcome.
///
/// What ended in an error or a panic is told before it by an event as the conventions have it, such as
/// `http.server.request.exception` with `exception.type`: `ERROR` of a server, `WARN` of a client, at the target
/// [`EXCEPTION_TARGET`](crate::EXCEPTION_TARGET).
///
/// The ids stand on the line as on every other line of the exchange, by the
/// [`JsonLayer`](crate::JsonLayer). The level follows the verdict: `ERROR` for a fault of the
/// service, `WARN` for a cancelled exchange of a server, else `INFO`; calls of a client that went
/// well are `DEBUG`, since their server tells them.
///
/// It is an event at the target [`ACCESS_TARGET`](crate::ACCESS_TARGET), unless a JSON layer listens
/// [alone](crate::JsonLayer::alone_behind).
///
/// By default every exchange is told, but of cancelled ones 100 in a second at most; [`AccessRules`] say it otherwise.
/// Health checks are left out by a rule for their route, or for all windows at once by
/// [`SignalExt::skip`](tower_telemetry_core::SignalExt::skip).
#[derive(Debug, Clone, Default)]
pub struct LogContext {
    rules: AccessRules,
}

impl LogContext {
    /// The window, with the default rules.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells exchanges by these rules. Clones of the window share their counts.
    #[must_use]
    pub fn with_rules(mut self, rules: AccessRules) -> Self {
        self.rules = rules;
        self
    }

    /// How many access lines the rules have held back so far.
    #[must_use]
    pub fn held_back(&self) -> u64 {
        self.rules.held_back()
    }
}

impl Signal for LogContext {
    const WINDOW: Window = Window::LOG;

    type Observer = LogContextObserver;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> LogContextObserver {
        LogContextObserver { rules: self.rules.clone() }
    }
}

/// Writes the access line of one exchange.
#[derive(Debug)]
pub struct LogContextObserver {
    rules: AccessRules,
}

impl Observer for LogContextObserver {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        exception::tell(exchange, outcome);
        if let Admission::Told { held_back } = self.rules.admit(exchange, outcome) {
            AccessLine { exchange, outcome, held_back }.tell();
        }
    }
}
