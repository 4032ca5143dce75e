//! What rules decide.

use http::{Request, header};
use tower_telemetry_core::{Route, Side};
use tower_telemetry_trace::sampling::{Action, Head, Rule, Rules, Tail};
use tower_telemetry_trace::{Decision, Origin};

use crate::asked::{Asked, HIGH, LOW, MIDDLE, NO, YES, kept, plain};

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
