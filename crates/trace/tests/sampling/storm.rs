//! An error storm against a budget.
//!
//! 400 requests a second for ten minutes, over 50 routes. In five minutes of it 30 % fail, else 0.5 %; 1 % are slow. A
//! request has 8 spans.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use tower_telemetry_core::{Route, Side, Verdict};
use tower_telemetry_trace::sampling::{Budget, Call, Hint, Keeper, Pool, Tail, Threshold};

use crate::random::Random;

const SPANS: usize = 8;
const ROUTES: u64 = 50;
const SECONDS: u64 = 600;

/// What a budget let pass.
pub(crate) struct Passed {
    budget: f64,
    /// Spans of the worst sliding second, over the budget.
    pub(crate) worst: f64,
    /// The share of (route, minute) pairs with an error of which one was kept.
    pub(crate) covered: f64,
    /// The shares that were kept of what is slow and of what failed.
    pub(crate) slow: f64,
    pub(crate) errors: f64,
    /// Errors that were lost outside the storm.
    pub(crate) lost_in_calm: usize,
}

pub(crate) fn blow(spans_per_second: f64, number: u64) -> Passed {
    let mut random = Random::new(number);
    let (keeper, budget) = (Keeper::new(Tail::default()), Budget::shared(spans_per_second));
    let head = Threshold::of_probability(0.01).unwrap().probability();
    let routes: Vec<_> =
        (0..ROUTES).map(|route| Route::template(Box::leak(format!("/{route}").into_boxed_str()))).collect();
    let mut cells = [HashSet::new(), HashSet::new()];
    let (mut seen, mut kept) = ([0_usize; 2], [0_usize; 2]);
    let mut window = VecDeque::new();
    let (mut worst, mut lost_in_calm) = (0, 0);
    for second in 0..SECONDS {
        let storm = (120..420).contains(&second);
        let mut times: Vec<_> = (0..random.poisson(400.0)).map(|_| second as f64 + random.unit()).collect();
        times.sort_by(f64::total_cmp);
        for at in times {
            let ended = Duration::from_secs_f64(at);
            let is_error = random.chance(if storm { 0.3 } else { 0.005 });
            let is_slow = !is_error && random.chance(0.01);
            let route = random.zipf(1.6) % ROUTES;
            let millis = 10.0 * (0.2 * random.normal()).exp() * if is_slow { 20.0 } else { 1.0 };
            let call = Call {
                side: Side::Server,
                route: routes[route as usize],
                method: "GET",
                ended,
                total: Duration::from_secs_f64(millis / 1e3),
                verdict: if is_error { Verdict::ServiceFault } else { Verdict::Ok },
                hint: Hint::None,
            };
            let is_kept = random.chance(head) && budget.pay(Pool::Head, ended, SPANS)
                || keeper.keep(&call, SPANS, &budget).is_some();
            keeper.learn(&call);
            let kind = if is_error { 0 } else { 1 };
            if is_error || is_slow {
                seen[kind] += 1;
                kept[kind] += usize::from(is_kept);
            }
            if is_error {
                let cell = (second / 60, route);
                cells[0].insert(cell);
                if is_kept {
                    cells[1].insert(cell);
                }
                lost_in_calm += usize::from(!is_kept && !storm);
            }
            if is_kept {
                window.push_back(at);
                while window.front().is_some_and(|&first| first <= at - 1.0) {
                    window.pop_front();
                }
                worst = worst.max(window.len() * SPANS);
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    Passed {
        budget: spans_per_second,
        worst: worst as f64 / spans_per_second,
        covered: share(cells[1].len(), cells[0].len()),
        slow: share(kept[1], seen[1]),
        errors: share(kept[0], seen[0]),
        lost_in_calm,
    }
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [slow, errors, covered] = [self.slow, self.errors, self.covered].map(|share| 100.0 * share);
        write!(f, "{:8}  {:13.2}  {covered:13.1}%  {slow:9.1}%  {errors:11.1}%", self.budget, self.worst)
    }
}
