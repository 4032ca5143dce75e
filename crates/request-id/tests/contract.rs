//! The response contract over a service that does as a script says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::convert::Infallible;

use http::{HeaderMap, Request, Response};
use tower::service_fn;
use tower_layer::Layer;
use tower_telemetry_core::{CacheStatus, Exchange, SignalExt, TraceIds, Trust, current};
use tower_telemetry_request_id::{Audience, RequestIds, ResponseContract};
use tower_telemetry_testing::{Reply, Scripted, call, run};

fn ids() -> TraceIds {
    TraceIds::parse(b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03").unwrap()
}

/// The headers of a response of these headers, under this contract, to such a caller.
fn answered(
    contract: ResponseContract,
    trust: Trust,
    request: &[(&str, &str)],
    response: &[(&str, &str)],
    handle: impl Fn(&Exchange) + Clone,
) -> HeaderMap {
    let mut answer = Response::builder();
    for (name, value) in response {
        answer = answer.header(*name, *value);
    }
    let headers = answer.body(()).unwrap().headers().clone();
    let handler = service_fn(move |_: Request<()>| {
        let exchange = current().unwrap();
        exchange.set_trace(ids());
        handle(&exchange);
        let mut response = Response::new(String::new());
        response.headers_mut().clone_from(&headers);
        async { Ok::<_, Infallible>(response) }
    });
    let mut asked = Request::builder();
    for (name, value) in request {
        asked = asked.header(*name, *value);
    }
    let layer = RequestIds::new().with_trust(trust).with_contract(contract).server();
    let response = run(call(&mut layer.layer(handler), asked.body(()).unwrap())).unwrap().unwrap();
    response.headers().clone()
}

fn plainly(contract: ResponseContract, trust: Trust) -> HeaderMap {
    answered(contract, trust, &[], &[], |_| ())
}

fn timings(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("server-timing").iter().map(|line| line.to_str().unwrap()).collect()
}

#[test]
fn a_trusted_caller_is_told_the_trace_and_the_time_to_the_head() {
    let headers = plainly(ResponseContract::new(), Trust::Parent);
    let (trace, head) = timings(&headers)[0].split_once(", ").unwrap();
    assert_eq!(trace, format!("trace;desc={}", ids()));
    let head: f64 = head.strip_prefix("head;dur=").unwrap().parse().unwrap();
    let millis: u64 = headers["x-response-time-ms"].to_str().unwrap().parse().unwrap();
    assert_eq!(head as u64, millis);
    assert_eq!(timings(&headers).len(), 1);
    for absent in ["x-trace-id", "traceresponse", "x-cache-status", "access-control-expose-headers"] {
        assert!(!headers.contains_key(absent), "{absent}");
    }
}

#[test]
fn a_stranger_is_told_times_and_nothing_of_the_trace() {
    for trust in [Trust::Link, Trust::Never] {
        let headers = plainly(ResponseContract::new(), trust);
        assert!(timings(&headers)[0].starts_with("head;dur="), "{headers:?}");
        assert!(headers.contains_key("x-response-time-ms"));
        let trace = ids().trace_id.to_string();
        assert!(headers.values().all(|value| !value.to_str().unwrap().contains(&trace)));
    }
}

#[test]
fn each_header_is_told_to_those_it_is_meant_for() {
    type Choose = fn(ResponseContract, Audience) -> ResponseContract;
    type IsTold = fn(&HeaderMap) -> bool;
    let headers: [(Choose, IsTold); 5] = [
        (ResponseContract::with_trace_timing, |headers| {
            timings(headers).iter().any(|line| line.contains("trace;"))
        }),
        (ResponseContract::with_head_timing, |headers| {
            timings(headers).iter().any(|line| line.contains("head;"))
        }),
        (ResponseContract::with_response_time, |headers| headers.contains_key("x-response-time-ms")),
        (ResponseContract::with_trace_id, |headers| {
            headers.get("x-trace-id").is_some_and(|id| *id == ids().trace_id.to_string())
        }),
        (ResponseContract::with_traceresponse, |headers| {
            headers.get("traceresponse").is_some_and(|told| *told == ids().to_string())
        }),
    ];
    for (number, (choose, is_told)) in headers.into_iter().enumerate() {
        for (audience, trusted, stranger) in [
            (Audience::Nobody, false, false),
            (Audience::Trusted, true, false),
            (Audience::Everybody, true, true),
        ] {
            let contract = choose(ResponseContract::new(), audience);
            let told = [Trust::Parent, Trust::Link].map(|trust| is_told(&plainly(contract, trust)));
            assert_eq!(told, [trusted, stranger], "{number} {audience:?}");
        }
    }
}

#[test]
fn what_others_say_of_timing_stays_before_it_and_a_trace_is_told_once() {
    let lines = |contract, response: &[(&str, &str)]| -> Vec<String> {
        let headers = answered(contract, Trust::Parent, &[], response, |_| ());
        timings(&headers).into_iter().map(str::to_owned).collect()
    };
    let contract = ResponseContract::new();
    let others = [("server-timing", "db;dur=53"), ("server-timing", "app")];
    let own = format!("trace;desc={}, head;dur=", ids());
    let told = lines(contract, &others);
    assert_eq!(told[..2], ["db;dur=53", "app"]);
    assert!(told.len() == 3 && told[2].starts_with(&own), "{told:?}");
    // The trace window tells of the same span, and knows better whether it is kept.
    let trace = "trace;desc=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let told = lines(contract, &[("server-timing", trace)]);
    assert_eq!(told[0], trace);
    assert!(told.len() == 2 && told[1].starts_with("head;dur="), "{told:?}");
    assert_eq!(lines(contract.with_head_timing(Audience::Nobody), &[("server-timing", trace)]), [trace]);
}

#[test]
fn what_the_program_wrote_in_place_of_the_window_is_replaced() {
    let program = [("x-request-id", "a"), ("x-request-id", "b"), ("x-response-time-ms", "-1")];
    let headers = answered(ResponseContract::new(), Trust::Link, &[], &program, |_| ());
    let lines = |name| headers.get_all(name).iter().map(|line| line.to_str().unwrap()).collect::<Vec<_>>();
    let [id] = lines("x-request-id")[..] else { unreachable!("one line: {headers:?}") };
    assert_eq!(id.len(), 36);
    assert!(matches!(lines("x-response-time-ms")[..], [millis] if millis != "-1"), "{headers:?}");
}

#[test]
fn without_a_contract_there_is_the_id_alone() {
    let handler = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(String::new())));
    let response =
        run(call(&mut RequestIds::new().server().layer(handler), Request::new(()))).unwrap().unwrap();
    assert_eq!(response.headers().len(), 1);
}

#[test]
fn what_the_handler_says_of_its_cache_is_told_and_its_own_header_is_heard() {
    let told = |response: &[(&str, &str)], handle: fn(&Exchange)| {
        let headers = answered(ResponseContract::new(), Trust::Link, &[], response, handle);
        headers.get("x-cache-status").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(told(&[], |_| ()), None);
    let stale: fn(&Exchange) = |exchange| assert!(exchange.set_cache_status(CacheStatus::Stale));
    assert_eq!(told(&[], stale).as_deref(), Some("STALE"));
    assert_eq!(told(&[("x-cache-status", "hit")], |_| ()).as_deref(), Some("HIT"));
    assert_eq!(told(&[("x-cache-status", "HIT")], stale).as_deref(), Some("STALE"), "the card is right");
    assert_eq!(told(&[("x-cache-status", "DYNAMIC")], |_| ()).as_deref(), Some("DYNAMIC"), "not ours");
}

/// Makes a call whose callee says this of its cache; gives what the card of the call says then.
fn hear(of_callee: &'static str) -> Option<CacheStatus> {
    let answer = Response::builder().header("x-cache-status", of_callee).body(String::new()).unwrap();
    let inner: Scripted<String, Infallible> = Scripted::new([Reply::response(answer)]);
    let layer = RequestIds::new().with_contract(ResponseContract::new()).client();
    run(call(&mut layer.layer(inner.clone()), Request::new(()))).unwrap().unwrap();
    Exchange::of(&inner.heads().pop().unwrap().extensions).unwrap().cache_status()
}

#[test]
fn what_callees_say_of_a_cache_is_told_until_the_handler_says_better() {
    let told = |handle: fn(&Exchange)| {
        let headers = answered(ResponseContract::new(), Trust::Link, &[], &[], handle);
        headers.get("x-cache-status").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(told(|_| assert_eq!(hear("hit"), Some(CacheStatus::Hit))).as_deref(), Some("HIT"));
    let two: fn(&Exchange) = |_| {
        hear("EXPIRED");
        hear("HIT");
    };
    assert_eq!(told(two).as_deref(), Some("MISS"), "not all of it came from a cache");
    let better: fn(&Exchange) = |exchange| {
        exchange.set_cache_status(CacheStatus::Bypass);
        hear("HIT");
    };
    assert_eq!(told(better).as_deref(), Some("BYPASS"));
    assert_eq!(told(|_| assert_eq!(hear("evil"), None)), None);
}

#[test]
fn a_page_of_another_origin_may_read_the_contract_beside_what_the_program_lets_it_read() {
    let exposed = |contract, request: &[(&str, &str)], response: &[(&str, &str)]| -> Vec<String> {
        let headers = answered(contract, Trust::Link, request, response, |_| ());
        let lines = headers.get_all("access-control-expose-headers").iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    };
    let contract = ResponseContract::new();
    let own = "x-request-id, server-timing, x-response-time-ms";
    assert_eq!(exposed(contract, &[("origin", "https://a.example")], &[]), [own]);
    let program = [("access-control-allow-origin", "*"), ("access-control-expose-headers", "x-app")];
    assert_eq!(exposed(contract, &[], &program), ["x-app", own]);
    assert!(exposed(contract, &[], &[]).is_empty());
    assert_eq!(exposed(contract.without_exposed_headers(), &[], &program), ["x-app"]);
}
