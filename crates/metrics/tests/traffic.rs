//! What the window tells of streams, of messages, of sessions after an upgrade, and of what a server is made for.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::pin::Pin;
use std::sync::mpsc::channel;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{RequestBodyLayer, Route, Session, SignalExt, current};
use tower_telemetry_metrics::{ManualClock, Metrics, Store, Value};
use tower_telemetry_testing::{
    Reply, Scripted, ScriptedBody, ScriptedError, call, poll_body, read_body, run,
};

const MESSAGE: &[u8] = b"\0\0\0\0\x02hi";
const METHOD: [(&str, &str); 2] = [("side", "server"), ("rpc.method", "shop.v1.Inventory/Watch")];
const SENT: &str = "tower_telemetry.rpc.messages.sent";
const RECEIVED: &str = "tower_telemetry.rpc.messages.received";

fn watch() -> Request<ScriptedBody> {
    Request::builder()
        .uri("/shop.v1.Inventory/Watch")
        .header(header::CONTENT_TYPE, "application/grpc")
        .extension(Route::rpc("shop.v1.Inventory/Watch"))
        .body(ScriptedBody::new().data(MESSAGE).data(MESSAGE))
        .unwrap()
}

fn ok() -> HeaderMap {
    HeaderMap::from_iter([(http::HeaderName::from_static("grpc-status"), HeaderValue::from_static("0"))])
}

fn total(store: &Store, name: &str, labels: &[(&str, &str)]) -> f64 {
    store.snapshot().total(name, labels)
}

/// Reads its request to the end, and answers by a script.
struct Reads(Scripted);

impl<B: Body> Service<Request<B>> for Reads {
    type Response = Response<ScriptedBody>;
    type Error = ScriptedError;
    type Future = <Scripted as Service<Request<()>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ScriptedError>> {
        Service::<Request<()>>::poll_ready(&mut self.0, cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (head, body) = request.into_parts();
        read_body(Box::pin(body).as_mut());
        self.0.call(Request::from_parts(head, ()))
    }
}

#[test]
fn messages_are_told_while_a_stream_goes_on_and_none_twice() {
    let metrics = Metrics::builder().with_messages().build().unwrap();
    let store = metrics.store().clone();
    let body = ScriptedBody::new().data(MESSAGE).data(MESSAGE).data(&MESSAGE[..3]).data(&MESSAGE[3..]);
    let script: Scripted = Scripted::new([Reply::response(Response::new(body.trailers(ok())))]);
    let mut service = metrics.server().layer(RequestBodyLayer::new().layer(Reads(script)));
    let mut body = Box::pin(run(call(&mut service, watch())).unwrap().unwrap().into_body());
    let active = || {
        let labels = [("side", "server"), ("protocol", "grpc")];
        store.snapshot().value("tower_telemetry.streams.active", &labels).unwrap_or_default()
    };
    // The request was one of two messages by then: the call is a stream.
    assert_eq!((total(&store, RECEIVED, &METHOD), active()), (2.0, 1.0));
    for sent in [1.0, 2.0, 2.0, 3.0] {
        poll_body(body.as_mut());
        assert_eq!(total(&store, SENT, &METHOD), sent);
    }
    assert_eq!((total(&store, "tower_telemetry.stream.duration", &[]), active()), (0.0, 1.0));
    read_body(body.as_mut());
    drop(body);
    assert_eq!((total(&store, SENT, &METHOD), total(&store, RECEIVED, &METHOD), active()), (3.0, 2.0, 0.0));
    let labels = [("side", "server"), ("protocol", "grpc"), ("route", "shop.v1.Inventory/Watch")];
    assert_eq!(total(&store, "tower_telemetry.stream.duration", &labels), 1.0);
}

#[test]
fn a_client_sends_what_a_server_receives() {
    let metrics = Metrics::builder().with_messages().build().unwrap();
    let store = metrics.store().clone();
    let body = ScriptedBody::new().data(MESSAGE).trailers(ok());
    let script: Scripted = Scripted::new([Reply::response(Response::new(body))]);
    let mut service = metrics.client().layer(RequestBodyLayer::new().layer(Reads(script)));
    read_body(Box::pin(run(call(&mut service, watch())).unwrap().unwrap().into_body()).as_mut());
    let client = [("side", "client"), METHOD[1]];
    assert_eq!((total(&store, SENT, &client), total(&store, RECEIVED, &client)), (2.0, 1.0));
}

/// The method was not known when the messages passed.
#[test]
fn the_messages_of_a_call_that_is_learnt_are_told_at_its_end() {
    let metrics = Metrics::builder().with_messages().build().unwrap();
    let store = metrics.store().clone();
    let body = ScriptedBody::new().data(MESSAGE).trailers(ok());
    let script: Scripted = Scripted::new([Reply::response(Response::new(body))]);
    let mut service = metrics.server().layer(script);
    let mut request = watch();
    request.extensions_mut().clear();
    let mut body = Box::pin(run(call(&mut service, request)).unwrap().unwrap().into_body());
    poll_body(body.as_mut());
    assert_eq!(total(&store, SENT, &[]), 0.0);
    read_body(body.as_mut());
    assert_eq!((total(&store, SENT, &METHOD), total(&store, SENT, &[])), (1.0, 1.0));
}

#[test]
fn an_event_stream_is_open_from_its_head_to_its_end() {
    let metrics = Metrics::new();
    let store = metrics.store().clone();
    let mut events = Response::new(ScriptedBody::new().data("data: 1\n\n").stall());
    events.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    let replies = [Reply::response(events), Reply::response(Response::new(ScriptedBody::new().data("x")))];
    let mut service = metrics.server().layer(Scripted::<ScriptedBody>::new(replies));
    let request = || Request::builder().extension(Route::template("/events")).body(()).unwrap();
    let open = || store.snapshot().total("tower_telemetry.streams.active", &[("protocol", "http")]);
    let stream = run(call(&mut service, request())).unwrap().unwrap();
    assert_eq!(open(), 1.0);
    drop(run(call(&mut service, request())));
    assert_eq!(open(), 1.0, "an answer of another type is no stream");
    drop(stream);
    assert_eq!(open(), 0.0);
    let labels = [("side", "server"), ("protocol", "http"), ("route", "/events")];
    assert_eq!(total(&store, "tower_telemetry.stream.duration", &labels), 1.0);
    let snapshot = store.snapshot();
    let family = snapshot.family("tower_telemetry.stream.duration").unwrap();
    let Value::Histogram(histogram) = family.series().next().unwrap().value() else {
        panic!("lifetimes are a histogram")
    };
    assert_eq!(histogram.bounds().last(), Some(&86_400.0));
}

#[test]
fn a_session_is_under_way_from_its_upgrade_until_its_work_is_dropped() {
    /// Upgrades, and gives its session to whoever made it; or no session.
    struct Upgrades(std::sync::mpsc::Sender<Session>);
    impl Service<Request<()>> for Upgrades {
        type Response = Response<ScriptedBody>;
        type Error = ScriptedError;
        type Future = std::future::Ready<Result<Self::Response, ScriptedError>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ScriptedError>> {
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, request: Request<()>) -> Self::Future {
            if request.uri().path() == "/live" {
                self.0.send(Session::of(&current().unwrap())).unwrap();
            }
            let mut response = Response::new(ScriptedBody::new());
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            std::future::ready(Ok(response))
        }
    }
    let metrics = Metrics::new();
    let store = metrics.store().clone();
    let (sender, sessions) = channel();
    let mut service = metrics.server().layer(Upgrades(sender));
    let request = |path| Request::builder().uri(path).extension(Route::template("/live")).body(()).unwrap();
    let told = || {
        let active = total(&store, "tower_telemetry.sessions.active", &[]);
        let labels = [("side", "server"), ("protocol", "http"), ("route", "/live")];
        (active, total(&store, "tower_telemetry.session.duration", &labels))
    };
    drop(run(call(&mut service, request("/live"))));
    assert_eq!(told(), (1.0, 0.0));
    drop(sessions.recv().unwrap());
    assert_eq!(told(), (0.0, 1.0));
    drop(run(call(&mut service, request("/uncarried"))));
    assert_eq!(told(), (0.0, 1.0), "nobody knows how long it was");
    let upgrades = total(&store, "tower_telemetry.exchanges.ended", &[("ending", "upgraded")]);
    assert_eq!(upgrades, 2.0);
}

#[test]
fn what_a_server_is_made_for_stands_beside_what_is_in_flight() {
    let metrics = Metrics::builder().with_capacity(512).build().unwrap();
    let capacity = |metrics: &Metrics| {
        metrics.store().snapshot().value("tower_telemetry.capacity", &[("side", "server")])
    };
    assert_eq!(capacity(&metrics), Some(512.0));
    assert_eq!(capacity(&Metrics::new()), None);
}

#[test]
fn the_size_of_a_stream_that_is_counted_is_recorded() {
    let metrics = Metrics::builder().with_body_sizes().build().unwrap();
    let store = metrics.store().clone();
    let script: Scripted = Scripted::new([Reply::response(Response::new(ScriptedBody::new()))]);
    let mut service = metrics.server().layer(RequestBodyLayer::new().layer(Reads(script)));
    let request = Request::new(ScriptedBody::new().data("four").pending().data("seven b"));
    read_body(Pin::new(&mut run(call(&mut service, request)).unwrap().unwrap().into_body()));
    let snapshot = store.snapshot();
    let Value::Histogram(sizes) =
        snapshot.family("http.server.request.body.size").unwrap().series().next().unwrap().value()
    else {
        panic!("sizes are a histogram")
    };
    assert_eq!((sizes.count(), sizes.sum()), (1, 11.0));
}

/// A handle that the window keeps would hold a series for ever.
#[test]
fn series_of_the_window_go_when_they_rest_where_the_store_lets_them() {
    let time = ManualClock::new(SystemTime::UNIX_EPOCH);
    let store = Store::with_clock(time.clock()).with_idle_expiry(Duration::from_secs(60));
    let metrics = Metrics::with_store(store.clone()).unwrap();
    let replies = (0..3).map(|_| Reply::response(Response::new(ScriptedBody::new().data("x"))));
    let mut service = metrics.server().layer(Scripted::<ScriptedBody>::new(replies));
    let mut exchange = || {
        let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
        read_body(Box::pin(response.into_body()).as_mut());
    };
    let told = || {
        ["http.server.request.duration", "tower_telemetry.exchanges.ended"]
            .map(|name| total(&store, name, &[]))
    };
    exchange();
    exchange();
    assert_eq!(told(), [2.0, 2.0]);
    time.advance(Duration::from_secs(61));
    assert_eq!(told(), [0.0, 0.0]);
    exchange();
    assert_eq!(told(), [1.0, 1.0]);
}

/// Each exchange of the overflow series is one refusal: its handle is not kept.
#[test]
fn what_a_full_family_refuses_is_counted_each_time() {
    let store = Store::new();
    let told = || {
        let family = [("family", "http.server.request.duration")];
        let overflow = [("otel.metric.overflow", "true")];
        let refused = total(&store, "tower_telemetry.series.refused", &family);
        let all = total(&store, "http.server.request.duration", &[]);
        (refused, total(&store, "http.server.request.duration", &overflow), all)
    };
    let send = |keys: &mut dyn Iterator<Item = u16>| {
        let metrics = Metrics::with_store(store.clone()).unwrap();
        for n in keys {
            let mut response = Response::new(ScriptedBody::new());
            *response.status_mut() = StatusCode::from_u16(100 + n % 900).unwrap();
            let script: Scripted = Scripted::new([Reply::response(response)]);
            let method = ["GET", "PUT", "POST", "DELETE"][usize::from(n / 900)];
            let request = Request::builder().method(method).body(()).unwrap();
            drop(run(call(&mut metrics.clone().server().layer(script), request)));
        }
    };
    send(&mut (0..3_000));
    assert_eq!(told(), (1_001.0, 1_001.0, 3_000.0));
    // A window of its own, whose table is empty.
    send(&mut [2_999; 4].into_iter());
    assert_eq!(told(), (1_005.0, 1_005.0, 3_004.0));
}
