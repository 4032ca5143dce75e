//! Which exchanges have an access line, and what stands on it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{Request, Response, StatusCode, request};
use http_body_util::Full;
use support::{Line, told};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_core::{Exchange, Route, Side, Signal, SignalExt, TraceIds, Verdict};
use tower_telemetry_log::{AccessRule, AccessRules, LogContext, Tell};

/// How an exchange is answered.
#[derive(Clone, Copy)]
enum Answer {
    Status(u16),
    /// The caller goes away while the service waits.
    Never,
}

/// Tells the route, and a trace whose id is this number.
#[derive(Clone, Copy)]
struct Facts(&'static str, u8, TraceFlags);

impl Signal for Facts {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        let Self(route, number, flags) = *self;
        exchange.set_route(Route::template(route));
        if number == 0 {
            return;
        }
        let mut id = [7; 16];
        id[9..].copy_from_slice(&[0, 0, 0, 0, 0, 0, number]);
        let (trace_id, span_id) = (TraceId::from_bytes(id).unwrap(), SpanId::from_bytes([1; 8]).unwrap());
        exchange.set_trace(TraceIds { trace_id, span_id, flags });
    }
}

fn exchange(window: &LogContext, facts: Facts, answer: Answer) {
    let service = service_fn(move |_: Request<()>| async move {
        let Answer::Status(status) = answer else { return std::future::pending().await };
        let mut response = Response::new(Full::new(b"hello".as_slice()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok::<_, Infallible>(response)
    });
    let service = (facts, window.clone()).server().layer(service);
    let mut context = Context::from_waker(Waker::noop());
    let mut call = Box::pin(service.oneshot(Request::new(())));
    let Poll::Ready(Ok(response)) = call.as_mut().poll(&mut context) else { return };
    let mut body = pin!(response.into_body());
    while let Poll::Ready(Some(frame)) = http_body::Body::poll_frame(body.as_mut(), &mut context) {
        assert!(frame.is_ok());
    }
}

fn facts(route: &'static str) -> Facts {
    Facts(route, 0, TraceFlags::NONE)
}

fn routes(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.json("http.route").replace('"', "")).collect()
}

#[test]
fn without_rules_every_exchange_is_told_in_full() {
    let lines = told(|| exchange(&LogContext::new(), facts("/a"), Answer::Status(200)));
    let keys = [
        "message",
        "side",
        "protocol",
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "ending",
        "verdict",
        "duration_ms",
        "head_ms",
        "http.response.body.size",
    ];
    assert_eq!(lines[0].own_keys(), keys);
    assert_eq!(
        (lines[0].json("http.response.body.size"), lines[0].json("level")),
        ("5".into(), "\"INFO\"".into())
    );
}

#[test]
fn a_rule_holds_for_its_route_verdict_and_side() {
    let rules = AccessRules::default()
        .with(AccessRule::new(Tell::Never).route("/healthz"))
        .with(AccessRule::new(Tell::Always).route("/admin/*").verdict(Verdict::ServiceFault))
        .with(AccessRule::new(Tell::Never).route("/admin/*"))
        .with(AccessRule::new(Tell::Never).side(Side::Client));
    let window = LogContext::new().with_rules(rules);
    let lines = told(|| {
        for (route, status) in [
            ("/healthz", 200),
            ("/healthz", 500),
            ("/healthzz", 200),
            ("/admin/a", 200),
            ("/admin/b", 500),
            ("/", 404),
        ] {
            exchange(&window, facts(route), Answer::Status(status));
        }
        exchange(&window, facts("/healthz"), Answer::Never);
    });
    assert_eq!(routes(&lines), ["/healthzz", "/admin/b", "/"]);
    assert_eq!(window.held_back(), 0, "what is never told is not missed");
}

#[test]
fn one_in_so_many_is_chosen_by_the_trace_id_or_by_count() {
    let window = LogContext::new().with_rules(AccessRules::none().with(AccessRule::new(Tell::OneIn(10))));
    let lines = told(|| {
        (1..=40)
            .for_each(|number| exchange(&window, Facts("/", number, TraceFlags::NONE), Answer::Status(200)));
    });
    let ends: Vec<_> =
        lines.iter().map(|line| line.json("trace_id").replace('"', "").split_off(30)).collect();
    assert_eq!(ends, ["0a", "14", "1e", "28"]);
    assert_eq!(lines.iter().map(|line| line.json("held_back")).collect::<Vec<_>>(), ["9", "9", "9", "9"]);
    let window = LogContext::new().with_rules(AccessRules::none().with(AccessRule::new(Tell::OneIn(10))));
    let lines = told(|| (0..40).for_each(|_| exchange(&window, facts("/"), Answer::Status(200))));
    assert_eq!((lines.len(), window.held_back()), (4, 36));
}

#[test]
fn lines_of_exported_traces_alone() {
    let window = LogContext::new().with_rules(AccessRules::none().with(AccessRule::new(Tell::IfKept)));
    let lines = told(|| {
        for flags in [TraceFlags::SAMPLED, TraceFlags::NONE] {
            exchange(&window, Facts("/", 1, flags), Answer::Status(200));
        }
        exchange(&window, facts("/"), Answer::Status(200));
    });
    assert_eq!(lines.len(), 1);
}

#[test]
fn those_who_hang_up_cannot_flood_the_log() {
    const ROUNDS: u64 = 2_000;
    let window = LogContext::new();
    #[allow(clippy::disallowed_methods, reason = "a slow machine may let more lines through")]
    let begin = std::time::Instant::now();
    let lines = told(|| {
        (0..ROUNDS).for_each(|_| exchange(&window, facts("/slow"), Answer::Never));
        // Others are told all the same.
        exchange(&window, facts("/fine"), Answer::Status(200));
    });
    let most = 101 + begin.elapsed().as_millis() as u64 / 10;
    let cancelled = lines.len() as u64 - 1;
    assert!((100..=most).contains(&cancelled), "{cancelled}");
    assert_eq!(cancelled + window.held_back(), ROUNDS);
    assert_eq!(lines[0].json("level"), "\"WARN\"");
    assert_eq!(routes(&lines[lines.len() - 1..]), ["/fine"]);
}
