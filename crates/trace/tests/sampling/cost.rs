//! What a decision costs in time.

use std::hint::black_box;
use std::time::{Duration, Instant};

use http::{Request, StatusCode};
use tower_telemetry_core::{Route, Side};
use tower_telemetry_trace::sampling::{Rules, Sampler, Tail};
use tower_telemetry_trace::{Decide, Question};

use crate::probe;

const ROUNDS: u32 = 2000;

/// The time of one round: the least of many measurements, which nothing else on the machine can shorten.
fn least(mut work: impl FnMut()) -> Duration {
    let measure = |_| {
        #[allow(clippy::disallowed_methods, reason = "the measure")]
        let start = Instant::now();
        (0..ROUNDS).for_each(|_| work());
        start.elapsed() / ROUNDS
    };
    (0..30).map(measure).min().unwrap()
}

#[test]
fn a_decision_costs_less_than_a_microsecond() {
    let sampler = Sampler::builder()
        .rules(Rules::default().keep("/pay").probability("/search", 0.1).background(0.01))
        .tail(Tail::default())
        .build();
    let mut request = Request::new(());
    request.extensions_mut().insert(Route::template("/users/{id}/carts/{cart}"));
    let (exchange, head) = probe::exchange(Side::Server, request, StatusCode::OK);
    let mut outcome = exchange.outcome().unwrap();
    // A trace id that the head does not keep, and calls that take about the same time: the usual ones.
    let trace_id =
        tower_telemetry_core::trace_ids::TraceId::from_hex(b"00000000000000000000000000000001").unwrap();
    let mut whole = || {
        outcome.total = Duration::from_micros(1000 + u64::from(outcome.total.subsec_nanos()) % 97);
        let question = Question { exchange: &exchange, head: &head, trace_id, is_random: true, parent: None };
        black_box(sampler.at_head(&question));
        black_box(sampler.at_end(&exchange, &outcome, 2));
        sampler.learn(&exchange, &outcome);
    };
    let cost = least(&mut whole);
    println!("head, end and learning together: {cost:?}");
    // An unoptimized build is some ten times slower, and shows only what got out of hand.
    let limit = if cfg!(debug_assertions) { Duration::from_micros(20) } else { Duration::from_micros(1) };
    assert!(cost <= limit, "{cost:?}");
}
