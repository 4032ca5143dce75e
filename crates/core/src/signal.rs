//! The whole contract of a window: start at the request, respond at the head, end once.

use std::sync::Arc;

use http::{request, response};

use crate::exchange::Exchange;
use crate::outcome::Outcome;
use crate::ticket::Arrival;
use crate::window::Window;

/// A window onto exchanges: metrics, a span, a log line, a header.
///
/// Infallible by signature: telemetry cannot fail a request, and nothing here waits. A signal has
/// no side; [`SignalExt::server`](crate::SignalExt::server) and
/// [`SignalExt::client`](crate::SignalExt::client) make the layer. Signals compose as tuples: they
/// start in the order of the tuple, and respond and end in the opposite one, as stacked layers do.
///
/// ```
/// use http::request;
/// use tower_telemetry_core::{Exchange, Observer, Outcome, Signal, SignalExt};
///
/// /// Prints one line for each exchange.
/// #[derive(Clone)]
/// struct Print;
///
/// impl Signal for Print {
///     type Observer = Print;
///     fn start(&self, _: &Exchange, _: &mut request::Parts) -> Print { Print }
/// }
///
/// impl Observer for Print {
///     type Guard = ();
///     fn enter(&self) {}
///     fn end(self, exchange: &Exchange, outcome: &Outcome) {
///         println!("{} {:?}: {:?}", exchange.method, exchange.route(), outcome.verdict);
///     }
/// }
///
/// let layer = Print.server(); // for ServiceBuilder, Router::layer, tonic's Server::layer
/// # let _ = layer;
/// ```
pub trait Signal: Clone + Send + Sync + 'static {
    /// Which window this is; [`Window::NONE`] acts wherever it stands.
    const WINDOW: Window = Window::NONE;

    /// What looks at one exchange.
    type Observer: Observer;

    /// An exchange begins. The head may be read and given headers.
    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer;

    /// An exchange begins that this signal is told to skip ([`SignalExt::skip`](crate::SignalExt::skip)).
    ///
    /// Nothing is recorded, but what others rely on goes on: a context is still passed on.
    fn pass(&self, _exchange: &Exchange, _head: &mut request::Parts) -> Option<Self::Observer> {
        None
    }

    /// Starts if this window is to act here; tuples ask each of theirs.
    #[doc(hidden)]
    fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        arrival.admits(Self::WINDOW).then(|| self.start(&arrival.exchange, head))
    }

    /// Passes if this window is to act here; tuples ask each of theirs.
    #[doc(hidden)]
    fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        if arrival.admits(Self::WINDOW) { self.pass(&arrival.exchange, head) } else { None }
    }
}

/// Looks at one exchange, from its start to its end.
///
/// All methods run with the exchange [`current`](crate::current()) and within the guards of
/// [`enter`](Self::enter). `end` is called exactly once, on every path, and may run in a drop while
/// the thread unwinds: it must not panic.
pub trait Observer: Send + 'static {
    /// What is held while the service or its body is polled, or dropped.
    type Guard;

    /// Called before every poll: attaches a context to the thread until the guard is dropped.
    fn enter(&self) -> Self::Guard;

    /// The response head was made. It may be read and given headers.
    fn respond(&mut self, _exchange: &Exchange, _head: &mut response::Parts) {}

    /// A frame of this many bytes of response body passed.
    fn frame(&mut self, _exchange: &Exchange, _bytes: usize) {}

    /// The exchange is over.
    fn end(self, _exchange: &Exchange, _outcome: &Outcome)
    where
        Self: Sized,
    {
    }
}

// === impl for nothing ===

impl Signal for () {
    type Observer = ();

    fn start(&self, _: &Exchange, _: &mut request::Parts) {}
}

impl Observer for () {
    type Guard = ();

    fn enter(&self) {}
}

// === impl for Option: a window that may be off ===

impl<S: Signal> Signal for Option<S> {
    const WINDOW: Window = S::WINDOW;

    type Observer = Option<S::Observer>;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
        self.as_ref().map(|signal| signal.start(exchange, head))
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
        self.as_ref().map(|signal| signal.pass(exchange, head))
    }

    fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        self.as_ref().map(|signal| signal.admit(arrival, head))
    }

    fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        self.as_ref().map(|signal| signal.admit_pass(arrival, head))
    }
}

impl<O: Observer> Observer for Option<O> {
    type Guard = Option<O::Guard>;

    fn enter(&self) -> Self::Guard {
        self.as_ref().map(Observer::enter)
    }

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        if let Some(observer) = self {
            observer.respond(exchange, head);
        }
    }

    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        if let Some(observer) = self {
            observer.frame(exchange, bytes);
        }
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        if let Some(observer) = self {
            observer.end(exchange, outcome);
        }
    }
}

// === impl for Arc: a window that is shared ===

impl<S: Signal> Signal for Arc<S> {
    const WINDOW: Window = S::WINDOW;

    type Observer = S::Observer;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
        S::start(self, exchange, head)
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
        S::pass(self, exchange, head)
    }

    fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        S::admit(self, arrival, head)
    }

    fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        S::admit_pass(self, arrival, head)
    }
}

// === impl for tuples: one wrapper, several windows ===

/// `forwards` lists the members as they start; `backwards` the same members as they end.
macro_rules! compose {
    (forwards: $($signal:ident $index:tt),+; backwards: $($back:ident $rev:tt),+) => {
        impl<$($signal: Signal),+> Signal for ($($signal,)+) {
            const WINDOW: Window = Window::NONE$(.union($signal::WINDOW))+;

            type Observer = ($(Option<$signal::Observer>,)+);

            fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
                ($(Some(self.$index.start(exchange, head)),)+)
            }

            fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
                Some(($(self.$index.pass(exchange, head),)+))
            }

            fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
                Some(($(self.$index.admit(arrival, head),)+))
            }

            fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
                Some(($(self.$index.admit_pass(arrival, head),)+))
            }
        }

        impl<$($signal: Observer),+> Observer for ($($signal,)+) {
            // The last member entered stands first: a tuple drops its members in order.
            type Guard = compose!(@guard $($back)+);

            fn enter(&self) -> Self::Guard {
                let guards = ();
                $(let guards = (self.$index.enter(), guards);)+
                guards
            }

            fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
                $(self.$rev.respond(exchange, head);)+
            }

            fn frame(&mut self, exchange: &Exchange, bytes: usize) {
                $(self.$rev.frame(exchange, bytes);)+
            }

            fn end(self, exchange: &Exchange, outcome: &Outcome) {
                $(self.$rev.end(exchange, outcome);)+
            }
        }
    };
    (@guard $first:ident $($rest:ident)*) => { ($first::Guard, compose!(@guard $($rest)*)) };
    (@guard) => { () };
}

compose!(forwards: A 0; backwards: A 0);
compose!(forwards: A 0, B 1; backwards: B 1, A 0);
compose!(forwards: A 0, B 1, C 2; backwards: C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3; backwards: D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4; backwards: E 4, D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4, F 5; backwards: F 5, E 4, D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4, F 5, G 6; backwards: G 6, F 5, E 4, D 3, C 2, B 1, A 0);
compose!(forwards: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7; backwards: H 7, G 6, F 5, E 4, D 3, C 2, B 1, A 0);
