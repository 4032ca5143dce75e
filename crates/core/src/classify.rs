//! A user's own say in what is a success: 404 that is expected, GraphQL's 200 with errors.

use std::any::Any;
use std::fmt;

use http::{HeaderMap, response};

use crate::exchange::Exchange;
use crate::outcome::Judgement;

/// Decides the verdict of some exchanges where [`judge`](crate::judge) would not do.
///
/// Each question is asked when its evidence is there; `None` leaves the matter open, and the last
/// `Some` stands. An error is a matter of its own: what was said of the head before does not hold for
/// it. A panic and a cancel are what they are, whatever was said. The route is on the exchange, so one classifier serves all routes. A verdict
/// and its error type are closed values: there is no way to put wire text into either.
///
/// ```
/// use http::{StatusCode, response};
/// use tower_telemetry_core::{Classify, Exchange, Judgement, Verdict};
///
/// /// A lookup that finds nothing is a good answer.
/// struct AbsentIsFine;
///
/// impl Classify for AbsentIsFine {
///     fn head(&self, exchange: &Exchange, head: &response::Parts) -> Option<Judgement> {
///         let lookup = exchange.route().as_str() == Some("/users/{id}");
///         (lookup && head.status == StatusCode::NOT_FOUND).then_some(Judgement::of(Verdict::Ok))
///     }
/// }
/// ```
pub trait Classify: Send + Sync + 'static {
    /// Asked at the response head.
    fn head(&self, _exchange: &Exchange, _head: &response::Parts) -> Option<Judgement> {
        None
    }

    /// Asked at the trailers.
    fn trailers(&self, _exchange: &Exchange, _trailers: &HeaderMap) -> Option<Judgement> {
        None
    }

    /// Asked at the error of the service or of the body, to be downcast.
    fn error(&self, _exchange: &Exchange, _error: &dyn Any) -> Option<Judgement> {
        None
    }
}

impl fmt::Debug for dyn Classify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Classify")
    }
}
