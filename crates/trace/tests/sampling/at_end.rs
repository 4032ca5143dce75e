//! What is decided at the end, and what a sampler says of itself.

use std::time::Duration;

use http::{Request, StatusCode, header};
use tower_telemetry_core::{Code, Side};
use tower_telemetry_trace::sampling::{Adaptive, Head, Sampler, Tail};
use tower_telemetry_trace::{Decide, Reason, Response};

use crate::asked::plain;
use crate::probe;

#[test]
fn the_end_is_judged_by_the_outcome_and_a_hint_is_given_by_the_head() {
    let sampler = plain().tail(Tail::default().cold_calls(0)).build();
    let end = |status| {
        let (exchange, _) = probe::exchange(Side::Server, Request::new(()), status);
        let outcome = exchange.outcome().unwrap();
        sampler.learn(&exchange, &outcome);
        (exchange, outcome)
    };
    let told = |status, grpc| Response { status, grpc, elapsed: Duration::ZERO };
    let (exchange, outcome) = end(StatusCode::OK);
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), None);
    assert!(!sampler.at_response(&exchange, &told(StatusCode::OK, None)));
    assert!(sampler.at_response(&exchange, &told(StatusCode::BAD_GATEWAY, None)));
    exchange.want();
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), Some(Reason::Hint));
    assert!(sampler.at_response(&exchange, &told(StatusCode::OK, None)));
    let (exchange, outcome) = end(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), Some(Reason::Error));
    let (exchange, outcome) = end(StatusCode::NOT_FOUND);
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), None);
    assert_eq!((sampler.kept(Reason::Error), sampler.kept(Reason::Hint)), (1, 1));

    let request = Request::post("/a.B/C").header(header::CONTENT_TYPE, "application/grpc").body(()).unwrap();
    let (exchange, _) = probe::exchange(Side::Server, request, StatusCode::OK);
    assert!(sampler.at_response(&exchange, &told(StatusCode::OK, Some(Code::Internal))));
    assert!(!sampler.at_response(&exchange, &told(StatusCode::OK, Some(Code::NotFound))));
}

#[test]
fn the_first_calls_of_a_route_are_kept_and_then_the_slow_ones() {
    let sampler = Sampler::builder().tail(Tail::default()).budget(f64::INFINITY).build();
    let (exchange, _) = probe::exchange(Side::Server, Request::new(()), StatusCode::OK);
    let mut outcome = exchange.outcome().unwrap();
    outcome.total = Duration::from_millis(10);
    for _ in 0..60 {
        assert_eq!(sampler.at_end(&exchange, &outcome, 1), Some(Reason::NewRoute));
        sampler.learn(&exchange, &outcome);
    }
    outcome.total = Duration::from_millis(9);
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), None);
    outcome.total = Duration::from_millis(20);
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), Some(Reason::Slow));
}

#[test]
fn without_a_tail_nothing_is_kept_at_its_end() {
    let sampler = plain().build();
    let (exchange, _) = probe::exchange(Side::Server, Request::new(()), StatusCode::INTERNAL_SERVER_ERROR);
    let outcome = exchange.outcome().unwrap();
    sampler.learn(&exchange, &outcome);
    assert_eq!(sampler.at_end(&exchange, &outcome, 1), None);
    let response = Response { status: StatusCode::BAD_GATEWAY, grpc: None, elapsed: Duration::ZERO };
    assert!(!sampler.at_response(&exchange, &response));
}

#[test]
fn the_start_line_says_what_is_in_force() {
    for (sampler, text) in [
        (Sampler::always_on_bounded(100.0), "parentbased_always_on, 5 rules; at most 100 spans/s"),
        (
            Sampler::production(),
            "parentbased_traceidratio 0.01, 5 rules; at the end errors, calls above p97 of their route, \
             the first 60 of a route; at most 1000 spans/s",
        ),
        (
            plain().root(Head::adaptive(Adaptive::new(20.0))).build(),
            "parentbased_adaptive to 20 traces/s; any number of spans/s",
        ),
    ] {
        assert_eq!(sampler.to_string(), text);
    }
}
