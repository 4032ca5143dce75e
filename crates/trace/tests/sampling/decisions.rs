//! What a sampler says of one exchange.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, Request, StatusCode, header, request};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_core::{Code, Exchange, Route, Side, TraceIds, TraceState};
use tower_telemetry_trace::sampling::{
    Action, Adaptive, Forced, Head, Heads, Pool, Rule, Rules, Sampler, SamplerBuilder, Tail,
};
use tower_telemetry_trace::{Decide, Decision, Origin, Parent, Question, Reason, Response};

use crate::probe;

/// A randomness of 0x00.., which only a probability of 1 keeps.
const LOW: &str = "00000000000000000000000000000001";
/// A randomness of 0xff.., which every probability keeps.
const HIGH: &str = "000000000000000000ffffffffffffff";
/// A randomness of 0xd0..: kept at 25 %, dropped at 10 %.
const MIDDLE: &str = "000000000000000000d0000000000000";

/// A question, in the words of the wire.
struct Asked {
    seen: (Arc<Exchange>, request::Parts),
    trace: &'static str,
    parent: Option<(Origin, TraceFlags)>,
    state: TraceState,
}

impl Asked {
    fn of(side: Side, request: Request<()>) -> Self {
        Self {
            seen: probe::exchange(side, request, StatusCode::OK),
            trace: LOW,
            parent: None,
            state: TraceState::default(),
        }
    }

    fn path(path: &str) -> Self {
        Self::of(Side::Server, Request::get(path).body(()).unwrap())
    }

    fn root(trace: &'static str) -> Self {
        Self::path("/carts").trace(trace)
    }

    fn trace(self, trace: &'static str) -> Self {
        Self { trace, ..self }
    }

    fn parent(self, origin: Origin, flags: TraceFlags) -> Self {
        Self { parent: Some((origin, flags)), ..self }
    }

    fn state(self, state: &str) -> Self {
        Self { state: TraceState::parse(state.as_bytes()).unwrap(), ..self }
    }

    fn decision(&self, sampler: &Sampler) -> Decision {
        let trace_id = TraceId::from_hex(self.trace.as_bytes()).unwrap();
        let ids = |flags| TraceIds { trace_id, span_id: SpanId::random(), flags };
        sampler.at_head(&Question {
            exchange: &self.seen.0,
            head: &self.seen.1,
            trace_id,
            is_random: true,
            parent: self.parent.map(|(origin, flags)| Parent { ids: ids(flags), state: &self.state, origin }),
        })
    }
}

fn record(reason: Reason, ot: Option<&str>) -> Decision {
    Decision::Record { reason, ot: ot.map(str::to_owned) }
}

fn kept(ot: Option<&str>) -> Decision {
    record(Reason::Head, ot)
}

/// Without bounds, rules or a tail.
fn plain() -> SamplerBuilder {
    Sampler::builder().rules(Rules::new()).budget(f64::INFINITY)
}

const NO: TraceFlags = TraceFlags::NONE;
const YES: TraceFlags = TraceFlags::SAMPLED;

#[test]
fn each_kind_of_parent_has_a_head_of_its_own() {
    let kinds = [
        None,
        Some((Origin::Remote, YES)),
        Some((Origin::Remote, NO)),
        Some((Origin::Local, YES)),
        Some((Origin::Local, NO)),
    ];
    let is_kept = |heads: &Heads, parent| {
        let asked = Asked { parent, ..Asked::root(LOW) };
        asked.decision(&plain().heads(heads.clone()).build()) != Decision::Drop
    };
    let answers = |heads: Heads| kinds.map(|parent| is_kept(&heads, parent));
    let base = Heads::parent_based(Head::always_off());
    let (on, off) = (Head::always_on, Head::always_off);
    assert_eq!(answers(base.clone()), [false, true, false, true, false]);
    assert_eq!(answers(Heads::parent_based(on())), [true, true, false, true, false]);
    assert_eq!(answers(base.clone().remote_sampled(off())), [false, false, false, true, false]);
    assert_eq!(answers(base.clone().remote_unsampled(on())), [false, true, true, true, false]);
    assert_eq!(answers(base.clone().local_sampled(off())), [false, true, false, false, false]);
    assert_eq!(answers(base.local_unsampled(on())), [false, true, false, true, true]);
    assert_eq!(answers(Heads::for_all(on())), [true; 5]);
    assert_eq!(answers(Heads::for_all(off())), [false; 5]);
}

#[test]
fn a_root_is_kept_by_its_trace_id_and_tells_the_threshold() {
    let sampler = plain().root(Head::probability(0.25)).build();
    assert_eq!(Asked::root(MIDDLE).decision(&sampler), kept(Some("th:c")));
    assert_eq!(Asked::root(LOW).decision(&sampler), Decision::Drop);
    let sampler = plain().root(Head::probability(0.1)).build();
    assert_eq!(Asked::root(MIDDLE).decision(&sampler), Decision::Drop);
    assert_eq!(Asked::root(HIGH).decision(&sampler), kept(Some("th:e666")));
    let sampler = plain().root(Head::probability(1.0)).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(Some("th:0")));
}

#[test]
fn where_all_roots_are_kept_no_callee_is_sent_a_header_for_it() {
    assert_eq!(Asked::root(LOW).decision(&plain().build()), kept(None));
}

#[test]
fn what_the_head_does_not_keep_waits_where_there_is_a_tail() {
    let sampler = plain().root(Head::probability(0.01)).tail(Tail::default()).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), Decision::Wait);
    assert_eq!(Asked::root(LOW).parent(Origin::Remote, NO).decision(&sampler), Decision::Wait);
    assert_eq!(Asked::root(LOW).parent(Origin::Local, NO).decision(&sampler), Decision::Wait);
}

#[test]
fn explicit_randomness_stands_in_for_the_trace_id() {
    let sampler = plain().heads(Heads::for_all(Head::probability(0.25))).build();
    let asked = |trace, ot| Asked::root(trace).parent(Origin::Remote, NO).state(ot).decision(&sampler);
    assert_eq!(asked(LOW, "ot=rv:d0000000000000"), kept(Some("rv:d0000000000000;th:c")));
    assert_eq!(asked(HIGH, "ot=rv:b0000000000000"), Decision::Drop);
    assert_eq!(asked(HIGH, "ot=rv:B0000000000000"), kept(Some("rv:B0000000000000;th:c")));
}

#[test]
fn a_child_keeps_its_parents_threshold_unless_that_contradicts_the_flag() {
    let sampler = plain().build();
    let asked = |ot| Asked::root(MIDDLE).parent(Origin::Remote, YES).state(ot).decision(&sampler);
    assert_eq!(asked("ot=th:c;x:1"), kept(None));
    assert_eq!(asked("ot=th:d0000000000000"), kept(None));
    assert_eq!(asked("ot=th:d1"), kept(Some("")));
    assert_eq!(asked("ot=x:1;th:d1;y:2"), kept(Some("x:1;y:2")));
    assert_eq!(asked("ot=rv:e0000000000000;th:d1"), kept(None));
    assert_eq!(asked("ot=x:1"), kept(None));
    assert_eq!(asked("a=1"), kept(None));
}

#[test]
fn a_span_of_a_trace_that_is_kept_here_is_never_refused() {
    let sampler = Sampler::always_on_bounded(1e-6);
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(None), "a full bucket");
    for _ in 0..100 {
        assert_eq!(Asked::root(LOW).parent(Origin::Local, YES).decision(&sampler), kept(None));
    }
    for parent in [None, Some((Origin::Remote, YES))] {
        let asked = Asked { parent, ..Asked::root(LOW) };
        assert_eq!(asked.decision(&sampler), Decision::Drop, "{parent:?}");
    }
    assert_eq!((sampler.budget().refused(Pool::Head), sampler.kept(Reason::Head)), (2, 1));
}

#[test]
fn no_threshold_is_told_while_the_budget_refuses() {
    // A trace is taken for 8 spans at first: five fit into the depth of the bucket.
    let sampler = plain().root(Head::probability(1.0)).budget(8.0 * 5.0 / 0.35).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(Some("th:0")));
    let decisions: Vec<_> = (0..20).map(|_| Asked::root(LOW).decision(&sampler)).collect();
    assert!(decisions.contains(&Decision::Drop));
    // The bucket refills while the test goes on.
    let later = loop {
        if let decision @ Decision::Record { .. } = Asked::root(LOW).decision(&sampler) {
            break decision;
        }
    };
    assert_eq!(later, kept(None));
}

#[test]
fn probes_are_dropped_wherever_they_are_seen() {
    let sampler = plain().rules(Rules::default()).tail(Tail::default()).build();
    for path in ["/healthz", "/readyz", "/livez", "/metrics"] {
        assert_eq!(Asked::path(path).decision(&sampler), Decision::Drop, "{path}");
        let asked = Asked::path(path).parent(Origin::Remote, YES);
        assert_eq!(asked.decision(&sampler), Decision::Drop, "{path} of a caller");
    }
    let check = |path| Request::post(path).header(header::CONTENT_TYPE, "application/grpc").body(()).unwrap();
    let asked = Asked::of(Side::Server, check("/grpc.health.v1.Health/Check"));
    assert_eq!(asked.decision(&sampler), Decision::Drop);
    for path in ["/healthz/x", "/health", "/metricsx", "/grpc.health.v1.Health/Check"] {
        assert_ne!(Asked::path(path).decision(&sampler), Decision::Drop, "{path}");
    }
    let asked = Asked::of(Side::Client, Request::get("http://other/healthz").body(()).unwrap());
    assert_ne!(asked.decision(&sampler), Decision::Drop, "a call of the service itself");
}

#[test]
fn the_first_rule_that_matches_decides() {
    let rules = Rules::new()
        .keep("/pay")
        .rule(Rule::new(Action::Drop).method("OPTIONS"))
        .probability("/users/{id}", 0.25)
        .drop("/users/*")
        .probability("shop.v1.Cart/Add", 0.25)
        .background(0.1);
    let sampler = plain().rules(rules).root(Head::always_off()).build();
    let on = |request: Request<()>, trace| Asked::of(Side::Server, request).trace(trace).decision(&sampler);
    let get = |path: &str| Request::get(path).body(()).unwrap();
    let users = || {
        let mut request = get("/users/7");
        request.extensions_mut().insert(Route::template("/users/{id}"));
        request
    };
    assert_eq!(on(get("/pay"), LOW), kept(Some("th:0")));
    assert_eq!(on(Request::options("/x").body(()).unwrap(), HIGH), Decision::Drop);
    assert_eq!(on(users(), MIDDLE), kept(Some("th:c")));
    assert_eq!(on(users(), LOW), Decision::Drop);
    assert_eq!(on(get("/users/7"), MIDDLE), Decision::Drop, "the route is not known yet");
    assert_eq!(on(get("/other"), HIGH), kept(Some("th:e666")));
    assert_eq!(on(get("/other"), MIDDLE), Decision::Drop);
    let add =
        Request::post("/shop.v1.Cart/Add").header(header::CONTENT_TYPE, "application/grpc").body(()).unwrap();
    assert_eq!(on(add, MIDDLE), kept(Some("th:c")));
}

#[test]
fn a_rule_may_keep_what_the_caller_did_not_and_a_probability_follows_what_it_kept() {
    let sampler = plain().rules(Rules::new().keep("/pay").probability("/search", 0.25)).build();
    let on = |path, trace, flags| {
        Asked::path(path).trace(trace).parent(Origin::Remote, flags).state("ot=th:f").decision(&sampler)
    };
    assert_eq!(on("/pay", LOW, NO), kept(Some("th:0")));
    assert_eq!(on("/search", MIDDLE, NO), kept(Some("th:c")));
    assert_eq!(on("/search", LOW, NO), Decision::Drop);
    assert_eq!(on("/search", HIGH, YES), kept(None), "the caller's threshold stays");
}

#[test]
fn a_rule_for_calls_leaves_the_servers_alone() {
    let rules = Rules::new().rule(Rule::new(Action::Drop).route("/kv/*").side(Side::Client));
    let sampler = plain().rules(rules).build();
    let request = |path: &str| Request::get(path).body(()).unwrap();
    let call = Asked::of(Side::Client, request("http://store/kv/7")).parent(Origin::Local, YES);
    assert_eq!(call.decision(&sampler), Decision::Drop);
    assert_eq!(Asked::of(Side::Server, request("/kv/7")).decision(&sampler), kept(None));
}

#[test]
fn a_request_is_kept_because_it_asks_with_the_secret() {
    let name = HeaderName::from_static("x-debug-trace");
    let sampler =
        plain().root(Head::probability(0.25)).forced(Forced::by_header(name.clone(), "sesame")).build();
    let asks = |secret| {
        let request = Request::get("/carts").header(&name, secret).body(()).unwrap();
        Asked::of(Side::Server, request)
    };
    assert_eq!(asks("sesame").decision(&sampler), record(Reason::Forced, None));
    assert_eq!(asks("guess").decision(&sampler), Decision::Drop);
    let child = asks("sesame").parent(Origin::Remote, NO).state("ot=th:8;x:1");
    assert_eq!(child.decision(&sampler), record(Reason::Forced, Some("x:1")));
    // What the head keeps anyway says so: its probability is known.
    assert_eq!(asks("sesame").trace(HIGH).decision(&sampler), kept(Some("th:c")));
    assert_eq!((sampler.kept(Reason::Forced), sampler.kept(Reason::Head)), (2, 1));
}

#[test]
fn an_adaptive_head_keeps_all_while_nothing_is_known() {
    let sampler = plain().root(Head::adaptive(Adaptive::new(10.0))).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(Some("th:0")));
    let trace = TraceId::from_hex(LOW.as_bytes()).unwrap();
    assert_eq!(sampler.at_own_root(trace), kept(Some("th:0")));
}

#[test]
fn a_trace_that_the_program_begins_by_itself_is_decided_as_a_root_and_never_waits() {
    let sampler = Sampler::builder().root(Head::probability(0.25)).tail(Tail::default()).budget(1e-6).build();
    let own = |trace: &str| sampler.at_own_root(TraceId::from_hex(trace.as_bytes()).unwrap());
    assert_eq!(own(LOW), Decision::Drop);
    assert_eq!(own(MIDDLE), kept(Some("th:c")));
    assert_eq!(own(MIDDLE), Decision::Drop, "no budget is left");
    assert_eq!((sampler.kept(Reason::Head), sampler.budget().refused(Pool::Head)), (1, 1));
}

#[test]
fn the_end_is_judged_by_the_outcome_and_a_hint_is_given_by_the_head() {
    let sampler = plain().tail(Tail::default().cold_calls(0)).build();
    let end = |status| {
        let (exchange, _) = probe::exchange(Side::Server, Request::new(()), status);
        let outcome = *exchange.outcome().unwrap();
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
    let mut outcome = *exchange.outcome().unwrap();
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
    let outcome = *exchange.outcome().unwrap();
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
