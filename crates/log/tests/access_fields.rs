//! An access line has the fields of its event, whichever way they are written.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod support;

use std::convert::Infallible;
use std::fmt::Debug;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use serde_json::Value;
use support::{Captured, Line};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Exchange, RequestId, Route, Side, Signal, SignalExt, TraceIds};
use tower_telemetry_log::{AccessRule, AccessRules, JsonLayer, LogContext, SourceLocation, Tell};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{self, SubscriberExt};

/// Takes the fields of events as any other layer does: one by one.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<(String, Value)>>>);

impl<S: Subscriber> tracing_subscriber::Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: layer::Context<'_, S>) {
        event.record(&mut Heard(&mut self.0.lock().unwrap()));
    }
}

struct Heard<'a>(&'a mut Vec<(String, Value)>);

impl Heard<'_> {
    fn note(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.push((field.name().to_owned(), value.into()));
    }
}

impl Visit for Heard<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.note(field, value);
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.note(field, value);
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.note(field, value);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.note(field, format!("{value:?}"));
    }
}

/// What an exchange is, and how it goes.
#[derive(Clone, Debug, Default)]
struct Case {
    method: Method,
    content_type: Option<&'static str>,
    request_size: Option<u64>,
    route: Option<&'static str>,
    error_type: Option<&'static str>,
    /// What stands in the head of the answer; without one, there is none.
    answer: Option<(u16, Option<&'static str>)>,
    note: Option<&'static str>,
}

#[derive(Clone)]
struct Facts(Case);

impl Signal for Facts {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut http::request::Parts) {
        if let Some(route) = self.0.route {
            exchange.set_route(Route::template(route));
        }
        if let Some(error_type) = self.0.error_type {
            exchange.fail(error_type);
        }
        if let Some(note) = self.0.note {
            exchange.set(note, 1_i64);
        }
    }
}

fn request(case: &Case) -> Request<()> {
    let mut request = Request::new(());
    *request.method_mut() = case.method.clone();
    if let Some(kind) = case.content_type {
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if let Some(size) = case.request_size {
        request.headers_mut().insert(header::CONTENT_LENGTH, size.into());
    }
    request
}

fn go(side: Side, case: &Case, window: &LogContext) {
    go_in(side, case, (Facts(case.clone()), window.clone()));
}

fn go_in(side: Side, case: &Case, windows: impl Signal) {
    let answer = case.answer;
    let service = service_fn(move |_: Request<()>| async move {
        let Some((status, grpc)) = answer else { return std::future::pending().await };
        let mut response = Response::builder().status(status);
        if let Some(grpc) = grpc {
            response = response.header("grpc-status", grpc);
        }
        Ok::<_, Infallible>(response.body(Full::new(b"hello".as_slice())).unwrap())
    });
    let layer = match side {
        Side::Server => windows.server(),
        Side::Client => windows.client(),
    };
    let mut context = Context::from_waker(Waker::noop());
    let mut call = Box::pin(layer.layer(service).oneshot(request(case)));
    let Poll::Ready(Ok(response)) = call.as_mut().poll(&mut context) else { return };
    let mut body = pin!(response.into_body());
    while let Poll::Ready(Some(frame)) = http_body::Body::poll_frame(body.as_mut(), &mut context) {
        assert!(frame.is_ok());
    }
}

/// The line of an exchange, and the fields that its event had.
fn told(tell: impl FnOnce()) -> (Line, Vec<(String, Value)>) {
    let (captured, listener) = (Captured::default(), Listener::default());
    let subscriber =
        tracing_subscriber::registry().with(JsonLayer::new(captured.clone())).with(listener.clone());
    tracing::subscriber::with_default(subscriber, tell);
    let heard = std::mem::take(&mut *listener.0.lock().unwrap());
    (captured.lines().pop().unwrap(), heard)
}

/// The fields of a line, in its order, but for those that every line has.
fn fields(line: &Line) -> Vec<(String, Value)> {
    let own = line.keys.iter().filter(|key| !["timestamp", "level", "target"].contains(&key.as_str()));
    own.map(|key| (key.clone(), line.fields.get(key).unwrap().clone())).collect()
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let protocols = [None, Some("application/grpc"), Some("application/grpc-web+proto")];
    let answers =
        [None, Some((200, None)), Some((404, None)), Some((200, Some("0"))), Some((503, Some("14")))];
    for content_type in protocols {
        for answer in answers {
            for route in [None, Some("/users/{id}"), Some("/a\"b\\c\n\u{1b}[31m/\u{e9}")] {
                for error_type in [None, Some("payment \"declined\"")] {
                    for request_size in [None, Some(17)] {
                        let (method, note) = (Method::GET, None);
                        cases.push(Case {
                            method,
                            content_type,
                            request_size,
                            route,
                            error_type,
                            answer,
                            note,
                        });
                    }
                }
            }
        }
    }
    cases
}

#[test]
fn the_line_has_the_fields_of_its_event_in_their_order_and_no_other() {
    for side in [Side::Server, Side::Client] {
        for case in cases() {
            let (line, heard) = told(|| go(side, &case, &LogContext::new()));
            assert_eq!(fields(&line), heard, "{side:?} {case:?}");
        }
    }
}

/// All of a line but its times, as text.
fn timeless(line: &Line) -> Vec<String> {
    let is_a_time = |key: &str| key == "timestamp" || key.ends_with("_ms");
    let fields = line.keys.iter().filter(|key| !is_a_time(key));
    fields.map(|key| format!("{key}: {}", line.json(key))).collect()
}

#[test]
fn the_line_is_the_same_where_it_has_no_event() {
    for side in [Side::Server, Side::Client] {
        for case in cases() {
            let lines = [Listeners::One, Listeners::Any].map(|listeners| {
                let captured = Captured::default();
                let layer = JsonLayer::new(captured.clone()).with_service_name("shop");
                let subscriber = match listeners {
                    Listeners::One => layer.alone_behind(LevelFilter::DEBUG),
                    Listeners::Any => tracing_subscriber::registry().with(layer).into(),
                };
                let windows = (Ids, (Facts(case.clone()), LogContext::new()));
                tracing::dispatcher::with_default(&subscriber, || go_in(side, &case, windows));
                captured.lines()
            });
            let [alone, among] = lines.map(|lines| lines.iter().map(timeless).collect::<Vec<_>>());
            assert_eq!(alone, among, "{side:?} {case:?}");
        }
    }
}

/// Who listens to events.
#[derive(Clone, Copy)]
enum Listeners {
    One,
    Any,
}

/// How a line begins is remembered for others like it, and differs in one fact only from that of others.
#[test]
fn nothing_of_a_line_is_told_of_another() {
    let mut alike = Vec::new();
    for side in [Side::Server, Side::Client] {
        for content_type in [None, Some("application/grpc"), Some("application/grpc-web")] {
            for answer in [None, Some((200, Some("0"))), Some((200, Some("5"))), Some((404, None))] {
                for method in [Method::GET, Method::PUT, Method::POST] {
                    let route = Some("/a");
                    alike.push((side, Case { method, content_type, answer, route, ..Case::default() }));
                }
            }
        }
    }
    let statuses = (200..600).map(|status| {
        (Side::Server, Case { answer: Some((status, None)), route: Some("/a"), ..Case::default() })
    });
    let pairs = alike.iter().flat_map(|one| alike.iter().flat_map(move |other| [one.clone(), other.clone()]));
    for (side, case) in statuses.chain(pairs) {
        let (line, heard) = told(|| go(side, &case, &LogContext::new()));
        assert_eq!(fields(&line), heard, "{side:?} {case:?}");
    }
}

#[test]
fn lines_that_were_held_back_are_told_of() {
    let window = LogContext::new().with_rules(AccessRules::none().with(AccessRule::new(Tell::OneIn(3))));
    let case = Case { answer: Some((200, None)), ..Case::default() };
    let (line, heard) = told(|| (0..5).for_each(|_| go(Side::Server, &case, &window)));
    assert_eq!(line.json("held_back"), "2");
    let last = heard.iter().rposition(|(key, _)| key == "message").unwrap();
    assert_eq!(fields(&line), heard.split_at(last).1);
}

#[test]
fn notes_and_spans_around_stand_on_the_line_too_and_hide_nothing() {
    let answer = Some((200, None));
    let case = Case { route: Some("/a"), note: Some("http.route"), answer, ..Case::default() };
    let (line, _) = told(|| go(Side::Server, &case, &LogContext::new()));
    assert_eq!(line.json("http.route"), "\"/a\"");
    let case = Case { note: Some("cart.items"), ..case };
    let (line, heard) = told(|| {
        let span = tracing::info_span!("around", verdict = "mine", tenant = "t");
        span.in_scope(|| go(Side::Server, &case, &LogContext::new()));
    });
    assert_eq!((line.json("cart.items"), line.json("tenant")), ("1".into(), "\"t\"".into()));
    assert!(heard.iter().all(|(key, value)| line.fields.get(key) == Some(value)));
}

/// The line of an exchange that has ids, told within a span that has no fields, or within none.
fn of_an_exchange_with_ids(layer: JsonLayer<Captured>, captured: &Captured, within: Within) -> Line {
    let subscriber = tracing_subscriber::registry().with(layer);
    let case = Case { route: Some("/a"), answer: Some((200, None)), ..Case::default() };
    let go = || go_in(Side::Server, &case, (Ids, LogContext::new()));
    tracing::subscriber::with_default(subscriber, || match within {
        Within::Span => tracing::info_span!("around").in_scope(go),
        Within::Nothing => go(),
    });
    captured.lines().pop().unwrap()
}

#[derive(Clone, Copy)]
enum Within {
    Span,
    Nothing,
}

#[derive(Clone)]
struct Ids;

impl Signal for Ids {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut http::request::Parts) {
        let traceparent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        exchange.set_trace(TraceIds::parse(traceparent).unwrap());
        exchange.set_request_id(RequestId::new("req-1").unwrap());
    }
}

#[test]
fn a_line_in_a_span_and_one_in_none_are_written_alike() {
    let active =
        || Some(TraceIds::parse(b"00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-01").unwrap());
    let plain: fn(Captured) -> JsonLayer<Captured> = JsonLayer::new;
    let full: fn(Captured) -> JsonLayer<Captured> = |captured| {
        JsonLayer::new(captured).with_service_name("shop").with_source_location(SourceLocation::Included)
    };
    for make in [plain, full] {
        let captured = Captured::default();
        let line = |within| {
            let layer = make(captured.clone()).with_active_span(active);
            of_an_exchange_with_ids(layer, &captured, within)
        };
        let (slow, quick) = (line(Within::Span), line(Within::Nothing));
        assert_eq!(slow.keys, quick.keys);
        assert_eq!(quick.json("trace_id"), "\"0af7651916cd43dd8448eb211c80319c\"");
        assert_eq!(quick.json("span_id"), "\"b7ad6b7169203331\"");
        assert_eq!(quick.json("request_id"), "\"req-1\"");
        for key in &slow.keys {
            let is_a_time = key == "timestamp" || key.ends_with("_ms");
            assert!(is_a_time || slow.json(key) == quick.json(key), "{key}");
        }
    }
}

#[test]
fn a_line_without_a_trace_of_its_own_is_of_the_active_span() {
    let active =
        || Some(TraceIds::parse(b"00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-01").unwrap());
    let captured = Captured::default();
    let subscriber =
        tracing_subscriber::registry().with(JsonLayer::new(captured.clone()).with_active_span(active));
    let case = Case { answer: Some((200, None)), ..Case::default() };
    tracing::subscriber::with_default(subscriber, || go(Side::Server, &case, &LogContext::new()));
    let line = captured.lines().pop().unwrap();
    assert_eq!(line.json("trace_id"), "\"0af7651916cd43dd8448eb211c80319d\"");
}

#[test]
fn each_of_many_routes_has_its_own_line() {
    let routes: Vec<&'static str> =
        (0..100).map(|n| &*Box::leak(format!("/route/{n}").into_boxed_str())).collect();
    let captured = Captured::default();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new(captured.clone()));
    let told = || routes.iter().chain(&routes).copied();
    tracing::subscriber::with_default(subscriber, || {
        for (index, route) in told().enumerate() {
            let content_type = (index % 6 == 0).then_some("application/grpc");
            let case =
                Case { content_type, route: Some(route), answer: Some((200, None)), ..Case::default() };
            go(if index % 2 == 0 { Side::Server } else { Side::Client }, &case, &LogContext::new());
        }
    });
    let lines = captured.lines();
    assert_eq!(lines.len(), 2 * routes.len());
    for (index, (line, route)) in lines.iter().zip(told()).enumerate() {
        let key = match (index % 6 == 0, index % 2 == 0) {
            (true, _) => "rpc.method",
            (false, true) => "http.route",
            (false, false) => "url.template",
        };
        assert_eq!(line.json(key), format!("{route:?}"), "{index}");
    }
}

#[test]
fn a_route_that_is_too_long_is_cut_and_the_line_says_so() {
    let route = Box::leak("/a".repeat(5_000).into_boxed_str());
    let case = Case { route: Some(route), answer: Some((200, None)), ..Case::default() };
    let (line, _) = told(|| go(Side::Server, &case, &LogContext::new()));
    assert_eq!((line.json("truncated"), line.json("verdict")), ("true".into(), "\"ok\"".into()));
}
