//! The metrics window, from the request to the snapshot.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::task::{Context, Poll, Waker};

use http::{Request, Response, StatusCode, header, request};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::trace_ids::{TraceFlags, TraceIds};
use tower_telemetry_core::{Exchange, Label, Observer, Outcome, Route, Signal, SignalExt, current};
use tower_telemetry_metrics::{Metrics, Names, Snapshot, Value};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, read_body, run};

/// Tells ids and a label, as a trace window and a handler would.
#[derive(Clone)]
struct Tell(TraceFlags);

impl Signal for Tell {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.set_trace(TraceIds::random(self.0));
    }
}

#[derive(Clone)]
struct Tier;

impl Label for Tier {
    const NAME: &'static str = "tier";
    const VALUES: &'static [&'static str] = &["free", "paid"];

    fn index(&self) -> usize {
        1
    }
}

fn request(path: &str) -> Request<()> {
    Request::builder().uri(path).extension(Route::template("/things/{id}")).body(()).unwrap()
}

fn answer(status: StatusCode, body: &'static str) -> Reply<ScriptedBody> {
    let mut response = Response::new(ScriptedBody::new().data(body).end());
    *response.status_mut() = status;
    Reply::response(response)
}

/// Sends one request through `signal` to a service that gives this reply, and reads the answer to its end.
fn exchange(signal: impl Signal, request: Request<()>, reply: Reply<ScriptedBody>) {
    let mut service = signal.server().layer(Scripted::new([reply]));
    let response = run(call(&mut service, request)).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
}

/// The exemplars of the one series of durations.
#[track_caller]
fn exemplars(metrics: &Metrics) -> usize {
    let snapshot = metrics.store().snapshot();
    let family = snapshot.family("http.server.request.duration").unwrap();
    let Value::Histogram(histogram) = family.series().next().unwrap().value() else {
        panic!("durations are a histogram")
    };
    histogram.exemplars().flatten().count()
}

#[track_caller]
fn count(snapshot: &Snapshot, name: &str, labels: &[(&str, &str)]) -> f64 {
    snapshot.total(name, labels)
}

#[test]
fn a_sampled_exchange_leaves_an_exemplar_in_its_bucket_and_an_unsampled_one_leaves_none() {
    for (flags, expected) in [(TraceFlags::SAMPLED, 1), (TraceFlags::NONE, 0)] {
        let metrics = Metrics::new();
        exchange((Tell(flags), metrics.clone()), request("/things/1"), answer(StatusCode::OK, "ok"));
        assert_eq!(exemplars(&metrics), expected);
    }
}

#[test]
fn an_exemplar_follows_what_was_kept_at_the_end_and_not_the_head() {
    /// Decides at the end, as a sampler of the tail does.
    #[derive(Clone)]
    struct Late(bool);
    impl Signal for Late {
        type Observer = Self;
        fn start(&self, _: &Exchange, _: &mut request::Parts) -> Self {
            self.clone()
        }
    }
    impl Observer for Late {
        type Guard = ();
        fn enter(&self) {}
        fn settle(&mut self, exchange: &Exchange, _: &Outcome) {
            exchange.set_kept(self.0);
        }
    }
    for (flags, is_kept, expected) in [(TraceFlags::NONE, true, 1), (TraceFlags::SAMPLED, false, 0)] {
        let metrics = Metrics::new();
        // The metrics window ends before the other one: it is settled by then all the same.
        let signal = (Tell(flags), Late(is_kept), metrics.clone());
        exchange(signal, request("/things/1"), answer(StatusCode::OK, "ok"));
        assert_eq!(exemplars(&metrics), expected);
    }
}

#[test]
fn body_sizes_are_recorded_when_asked_for() {
    let metrics = Metrics::builder().with_body_sizes().build().unwrap();
    let mut sized = request("/things/1");
    sized.headers_mut().insert(header::CONTENT_LENGTH, 42.into());
    exchange(metrics.clone(), sized, answer(StatusCode::OK, "seven b"));
    exchange(metrics.clone(), request("/things/1"), answer(StatusCode::OK, ""));
    let snapshot = metrics.store().snapshot();
    let sum = |name| {
        let family = snapshot.family(name).unwrap();
        match family.series().next().unwrap().value() {
            Value::Histogram(histogram) => (histogram.count(), histogram.sum()),
            other => panic!("{other:?}"),
        }
    };
    // A request that announces no length is a stream, of which nothing is known.
    assert_eq!(sum("http.server.request.body.size"), (1, 42.0));
    assert_eq!(sum("http.server.response.body.size"), (2, 7.0));
}

#[test]
fn the_time_to_the_head_is_told_by_route_when_asked_for() {
    let metrics = Metrics::builder().with_head_times().build().unwrap();
    exchange(metrics.clone(), request("/things/1"), answer(StatusCode::OK, "ok"));
    let labels = [("side", "server"), ("protocol", "http"), ("route", "/things/{id}")];
    assert_eq!(count(&metrics.store().snapshot(), "tower_telemetry.head.duration", &labels), 1.0);
}

#[test]
fn lean_histograms_tell_the_status_on_a_counter() {
    let metrics = Metrics::builder().lean_histograms().build().unwrap();
    for status in [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::NOT_FOUND] {
        exchange(metrics.clone(), request("/things/1"), answer(status, "x"));
    }
    let snapshot = metrics.store().snapshot();
    assert_eq!(snapshot.family("http.server.request.duration").unwrap().series().len(), 1);
    let not_found = [("http.response.status_code", "404"), ("http.route", "/things/{id}")];
    assert_eq!(count(&snapshot, "tower_telemetry.http.server.responses", &not_found), 2.0);
}

#[test]
fn a_declared_label_is_filled_by_the_handler_and_absent_where_it_is_not() {
    #[derive(Clone)]
    struct Write;
    impl Signal for Write {
        type Observer = Write;
        fn start(&self, _: &Exchange, _: &mut request::Parts) -> Write {
            Write
        }
    }
    impl Observer for Write {
        type Guard = ();
        fn enter(&self) {
            current().unwrap().label(Tier);
        }
    }
    let metrics = Metrics::builder().with_label::<Tier>().build().unwrap();
    exchange((Write, metrics.clone()), request("/things/1"), answer(StatusCode::OK, "x"));
    exchange(metrics.clone(), request("/things/1"), answer(StatusCode::OK, "x"));
    let snapshot = metrics.store().snapshot();
    let all = count(&snapshot, "http.server.request.duration", &[]);
    let paid = count(&snapshot, "http.server.request.duration", &[("tier", "paid")]);
    assert_eq!((all, paid), (2.0, 1.0));
}

#[test]
fn older_dashboards_find_their_names_and_labels() {
    let metrics = Metrics::builder().with_names(Names::Classic).build().unwrap();
    exchange(metrics.clone(), request("/things/1"), answer(StatusCode::OK, "x"));
    let unmatched = Request::builder().uri("/scan").body(()).unwrap();
    exchange(metrics.clone(), unmatched, answer(StatusCode::NOT_FOUND, "x"));
    let mut page = String::new();
    tower_telemetry_metrics::expose::text::encode(&metrics.store().snapshot(), &mut page);
    for line in [
        "http_requests_total{method=\"GET\",endpoint=\"/things/{id}\",status_code=\"200\"} 1\n",
        "http_requests_total{method=\"GET\",endpoint=\"_UNMATCHED\",status_code=\"404\"} 1\n",
        "http_request_duration_seconds_count{method=\"GET\",endpoint=\"/things/{id}\",status_code=\"200\"} 1\n",
    ] {
        assert!(page.contains(line), "{line} is not in\n{page}");
    }
    assert!(!page.contains("http_server_request_duration_seconds"));
}

#[test]
fn older_dashboards_find_their_grpc_names() {
    let metrics = Metrics::builder().with_names(Names::Classic).build().unwrap();
    let call = Request::builder()
        .uri("/shop.v1.Inventory/Get")
        .header(header::CONTENT_TYPE, "application/grpc")
        .extension(Route::rpc("shop.v1.Inventory/Get"))
        .body(())
        .unwrap();
    exchange(metrics.clone(), call, answer(StatusCode::OK, "x"));
    let snapshot = metrics.store().snapshot();
    let method = [("grpc_service", "shop.v1.Inventory"), ("grpc_method", "Get")];
    assert_eq!(count(&snapshot, "grpc.server.started", &method), 1.0);
    assert_eq!(count(&snapshot, "grpc.server.handling", &method), 1.0);
    // No status anywhere is no success.
    assert_eq!(count(&snapshot, "grpc.server.handled", &[("grpc_code", "UNKNOWN")]), 1.0);
}

#[test]
fn what_is_in_flight_has_an_age_until_it_ends() {
    let metrics = Metrics::new();
    let mut service = metrics.clone().server().layer(Scripted::<ScriptedBody>::new([Reply::never()]));
    let in_flight = Box::pin(call(&mut service, request("/things/1")));
    let age = || {
        let labels = [("side", "server"), ("protocol", "http")];
        metrics.store().snapshot().value("tower_telemetry.oldest.age", &labels).unwrap()
    };
    assert!(age() > 0.0);
    drop(in_flight);
    assert_eq!(age(), 0.0);
}

#[test]
fn a_service_that_is_not_ready_at_once_was_waited_for() {
    /// Ready at the second look.
    struct Slow(u32);
    impl Service<Request<()>> for Slow {
        type Response = Response<ScriptedBody>;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.0 += 1;
            if self.0 == 1 { Poll::Pending } else { Poll::Ready(Ok(())) }
        }
        fn call(&mut self, _: Request<()>) -> Self::Future {
            std::future::ready(Ok(Response::new(ScriptedBody::new().end())))
        }
    }
    let metrics = Metrics::new();
    let mut service = metrics.clone().server().layer(Slow(0));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_pending());
    assert!(service.poll_ready(&mut cx).is_ready());
    drop(run(service.call(request("/things/1"))));
    let waits = || count(&metrics.store().snapshot(), "tower_telemetry.ready.wait", &[]);
    assert_eq!(waits(), 1.0);
    // The next one finds the service ready: nobody waited for it.
    assert!(service.poll_ready(&mut cx).is_ready());
    drop(run(service.call(request("/things/1"))));
    assert_eq!(waits(), 1.0);
}
