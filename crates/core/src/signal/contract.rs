//! A signal, and what it looks at one exchange with.

use http::{HeaderMap, request, response};

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

    /// Trailers passed, after all frames. They may be read and given fields.
    ///
    /// What a gRPC server answers without a message has none: its status stands in the head.
    fn trailers(&mut self, _exchange: &Exchange, _trailers: &mut HeaderMap) {}

    /// The outcome is known, and nobody has written it down yet.
    ///
    /// The place to write what the others follow, such as [`Exchange::set_kept`]. Told to all
    /// observers of a layer before any of them is told the end.
    fn settle(&mut self, _exchange: &Exchange, _outcome: &Outcome) {}

    /// The exchange is over.
    fn end(self, _exchange: &Exchange, _outcome: &Outcome)
    where
        Self: Sized,
    {
    }
}
