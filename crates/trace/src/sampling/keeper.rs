//! What is kept at its end, because of how it ended.

use std::time::Duration;

use tower_telemetry_core::{Route, Side, Verdict};

use crate::decide::Reason;
use crate::sampling::budget::{Budget, Pool};
use crate::sampling::route_latency::Standing;
use crate::sampling::route_table::RouteTable;
use crate::sampling::tail::Tail;

/// An exchange that ended, as far as a decision needs it.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// Which side watched; only servers have a usual latency.
    pub side: Side,
    /// The route.
    pub route: Route,
    /// The method: a known one or `_OTHER`.
    pub method: &'static str,
    /// When it ended, since the base that all calls share.
    pub ended: Duration,
    /// How long it took.
    pub total: Duration,
    /// Whose matter the ending was.
    pub verdict: Verdict,
    /// Whether a callee kept its part.
    pub hint: Hint,
}

/// What callees told of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Nothing.
    None,
    /// One of them kept its part.
    Kept,
}

/// Keeps what matters: errors, what is slow for its route, the first calls of a route, and what a callee kept.
///
/// It learns each route's latency from all its calls, and pays for what it keeps from a [`Budget`]. Any number of
/// threads use one; none waits. A decision allocates nothing but for the first call of a route.
///
/// ```
/// # use std::time::Duration;
/// # use tower_telemetry_core::{Route, Side, Verdict};
/// use tower_telemetry_trace::Reason;
/// use tower_telemetry_trace::sampling::{Budget, Call, Hint, Keeper, Tail};
///
/// let (keeper, budget) = (Keeper::new(Tail::default()), Budget::shared(1000.0));
/// let call = Call {
///     side: Side::Server,
///     route: Route::template("/carts/{id}"),
///     method: "GET",
///     ended: Duration::from_secs(7),
///     total: Duration::from_millis(40),
///     verdict: Verdict::ServiceFault,
///     hint: Hint::None,
/// };
/// assert_eq!(keeper.keep(&call, 3, &budget), Some(Reason::Error));
/// keeper.learn(&call);
/// ```
#[derive(Debug)]
pub struct Keeper {
    tail: Tail,
    routes: RouteTable,
}

impl Keeper {
    /// A keeper that knows no route yet.
    #[must_use]
    pub fn new(tail: Tail) -> Self {
        Self { tail, routes: RouteTable::new() }
    }

    /// Why a call is kept, if it is, and if the budget pays for its `spans`.
    pub fn keep(&self, call: &Call, spans: usize, budget: &Budget) -> Option<Reason> {
        let reason = self.reason(call)?;
        let paid = match reason {
            Reason::Error => self.pay_for_error(call, spans, budget),
            _ => budget.take(&[Pool::Slow], call.ended, spans),
        };
        paid.then_some(reason)
    }

    /// Learns how long a call took; to be told of each, kept or not.
    pub fn learn(&self, call: &Call) {
        if call.side == Side::Server {
            self.routes.get(call.route, call.method, call.ended).record(
                call.ended,
                call.total,
                self.tail.measure(),
            );
        }
    }

    /// Whether a call that is still under way will be kept, by what is known of it now, and as the budget is now.
    pub(super) fn will_keep(&self, call: &Call, budget: &Budget) -> bool {
        self.reason(call).is_some_and(|reason| {
            let pool = if reason == Reason::Error { Pool::Errors } else { Pool::Slow };
            budget.holds(pool, call.ended, 1)
        })
    }

    pub(super) const fn tail(&self) -> Tail {
        self.tail
    }

    fn reason(&self, call: &Call) -> Option<Reason> {
        if call.verdict == Verdict::ServiceFault {
            return Some(Reason::Error);
        }
        let standing = match call.side {
            Side::Server => self
                .routes
                .get(call.route, call.method, call.ended)
                .standing(call.total, self.tail.measure().cold),
            Side::Client => Standing::Usual,
        };
        match (standing, call.hint) {
            (Standing::Slow, _) => Some(Reason::Slow),
            (_, Hint::Kept) => Some(Reason::Hint),
            (Standing::New, _) => Some(Reason::NewRoute),
            (Standing::Usual, Hint::None) => None,
        }
    }

    /// The first error that a route keeps in a minute may borrow from the others: a storm shows on every route.
    fn pay_for_error(&self, call: &Call, spans: usize, budget: &Budget) -> bool {
        let route = self.routes.get(call.route, call.method, call.ended);
        let is_first = route.lacks_an_error(call.ended);
        let pools: &[Pool] = if is_first { &[Pool::Errors, Pool::Head, Pool::Slow] } else { &[Pool::Errors] };
        let paid = budget.take(pools, call.ended, spans);
        if paid && is_first {
            route.has_an_error(call.ended);
        }
        paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Call = Call {
        side: Side::Server,
        route: Route::template("/carts"),
        method: "GET",
        ended: Duration::from_secs(1),
        total: Duration::from_millis(10),
        verdict: Verdict::Ok,
        hint: Hint::None,
    };

    fn plenty() -> Budget {
        Budget::shared(1e6)
    }

    /// A keeper that knows that `/carts` takes 10 ms.
    fn taught() -> Keeper {
        let keeper = Keeper::new(Tail::default());
        for nanos in 0..1000 {
            keeper.learn(&Call { total: CALL.total + Duration::from_micros(nanos), ..CALL });
        }
        keeper
    }

    #[test]
    fn each_reason_is_told() {
        let (keeper, budget) = (taught(), plenty());
        let slow = Call { total: Duration::from_millis(30), ..CALL };
        let hinted = Call { hint: Hint::Kept, ..CALL };
        for (call, reason) in [
            (CALL, None),
            (slow, Some(Reason::Slow)),
            (hinted, Some(Reason::Hint)),
            (Call { hint: Hint::Kept, ..slow }, Some(Reason::Slow)),
            (Call { verdict: Verdict::ServiceFault, ..slow }, Some(Reason::Error)),
            (Call { verdict: Verdict::CallerFault, ..CALL }, None),
            (Call { verdict: Verdict::Cancelled, ..CALL }, None),
            (Call { route: Route::template("/new"), ..CALL }, Some(Reason::NewRoute)),
            (Call { method: "POST", ..CALL }, Some(Reason::NewRoute)),
            (Call { side: Side::Client, ..slow }, None),
            (Call { side: Side::Client, ..hinted }, Some(Reason::Hint)),
            (Call { side: Side::Client, verdict: Verdict::ServiceFault, ..CALL }, Some(Reason::Error)),
        ] {
            assert_eq!(keeper.keep(&call, 1, &budget), reason, "{call:?}");
            assert_eq!(keeper.will_keep(&call, &budget), reason.is_some(), "{call:?}");
        }
    }

    #[test]
    fn without_budget_nothing_is_kept_and_no_caller_is_promised_anything() {
        let (keeper, budget) = (taught(), Budget::of_head(0.0));
        let slow = Call { total: Duration::from_millis(30), ..CALL };
        assert_eq!(keeper.keep(&slow, 1, &budget), None);
        assert!(!keeper.will_keep(&slow, &budget));
        assert_eq!(Pool::ALL.map(|pool| budget.refused(pool)), [0, 1, 0]);
    }

    #[test]
    fn only_the_first_error_of_a_route_in_a_minute_borrows() {
        let (keeper, budget) = (taught(), Budget::shared(100.0));
        let error = Call { verdict: Verdict::ServiceFault, ..CALL };
        assert_eq!(keeper.keep(&error, 14, &budget), Some(Reason::Error));
        assert_eq!(keeper.keep(&error, 1, &budget), None, "the route has its error");
        let other = Call { route: Route::template("/pay"), ..error };
        assert_eq!(keeper.keep(&other, 1, &budget), Some(Reason::Error));
        assert_eq!(keeper.keep(&other, 1, &budget), None);
        assert_eq!(Pool::ALL.map(|pool| budget.refused(pool)), [2, 0, 0]);
    }

    #[test]
    fn the_calls_of_clients_teach_no_route() {
        let (keeper, budget) = (Keeper::new(Tail::default()), plenty());
        for _ in 0..100 {
            keeper.learn(&Call { side: Side::Client, ..CALL });
        }
        assert_eq!(keeper.keep(&CALL, 1, &budget), Some(Reason::NewRoute));
    }
}
