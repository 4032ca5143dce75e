//! Limits of tower, observed by name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use http::{Request, Response, StatusCode};
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimitLayer;
use tower::load_shed::LoadShedLayer;
use tower::{BoxError, Layer, Service, ServiceBuilder};
use tower_telemetry_core::SignalExt;
use tower_telemetry_metrics::{Limit, Metrics, Store};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, poll_once};

/// Admitted, refused, abandoned; waits, in flight, capacity.
fn told(store: &Store, limit: &'static str) -> ([f64; 3], f64, f64, Option<f64>) {
    let snapshot = store.snapshot();
    let requests = ["admitted", "refused", "abandoned"].map(|admission| {
        let labels = [("limit", limit), ("admission", admission)];
        snapshot.value("tower_telemetry.limit.requests", &labels).unwrap()
    });
    let name = [("limit", limit)];
    (
        requests,
        snapshot.total("tower_telemetry.limit.wait", &name),
        snapshot.value("tower_telemetry.limit.in_flight", &name).unwrap(),
        snapshot.value("tower_telemetry.limit.capacity", &name),
    )
}

fn is_ready<S: Service<Request<()>>>(service: &mut S) -> bool {
    service.poll_ready(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// Answers the first so many requests never, and the next ones at once.
fn inner(stuck: usize) -> Scripted {
    let never = (0..stuck).map(|_| Reply::never());
    Scripted::new(never.chain((0..9).map(|_| Reply::response(Response::new(ScriptedBody::new())))))
}

#[test]
fn what_waits_for_a_place_is_admitted_when_it_gets_one() {
    let store = Store::new();
    let limit = Limit::with_store(&store, "checkout").unwrap().with_capacity(1);
    let mut service = limit.observe(ConcurrencyLimitLayer::new(1)).layer(inner(1));
    let mut second = service.clone();
    assert!(is_ready(&mut service));
    let first = service.call(Request::new(()));
    assert!(!is_ready(&mut second));
    assert_eq!(told(&store, "checkout"), ([1.0, 0.0, 0.0], 1.0, 1.0, Some(1.0)));
    drop(first);
    assert_eq!(told(&store, "checkout").2, 0.0);
    assert!(is_ready(&mut second));
    let mut answer = Box::pin(second.call(Request::new(())));
    assert_eq!(told(&store, "checkout").2, 1.0);
    assert!(poll_once(answer.as_mut()).is_ready());
    // Though nobody has dropped the future yet.
    assert_eq!(told(&store, "checkout"), ([2.0, 0.0, 0.0], 2.0, 0.0, Some(1.0)));
    let waits =
        store.snapshot().histogram("tower_telemetry.limit.wait", &[("limit", "checkout")]).unwrap().sum();
    assert!(waits > 0.0);
}

#[test]
fn what_is_shed_is_refused_by_the_limit_that_shed_it_and_by_no_other() {
    let store = Store::new();
    let [outer, shedding] = ["outer", "shedding"].map(|name| Limit::with_store(&store, name).unwrap());
    let shed = ServiceBuilder::new().layer(LoadShedLayer::new()).concurrency_limit(1).into_inner();
    let service = shedding.observe(shed).layer(inner(1));
    let mut service = outer.observe(ConcurrencyLimitLayer::new(9)).layer(service);
    let mut second = service.clone();
    assert!(is_ready(&mut service) && is_ready(&mut second));
    let first = service.call(Request::new(()));
    let mut refused = Box::pin(second.call(Request::new(())));
    let Poll::Ready(Err(error)) = poll_once(refused.as_mut()) else { panic!("there is one place") };
    assert!(error.is::<tower::load_shed::error::Overloaded>());
    assert_eq!(told(&store, "shedding").0, [1.0, 1.0, 0.0]);
    assert_eq!(told(&store, "outer").0, [2.0, 0.0, 0.0], "it had let both through");
    drop((first, refused));
    assert_eq!((told(&store, "shedding").2, told(&store, "outer").2), (0.0, 0.0));
}

#[test]
fn limits_that_hold_one_another_are_told_apart() {
    let store = Store::new();
    let [outer, within] = ["outer", "within"].map(|name| Limit::with_store(&store, name).unwrap());
    let both = outer.observe(within.observe(ConcurrencyLimitLayer::new(1)));
    let mut service = both.layer(inner(0));
    assert!(is_ready(&mut service));
    assert!(poll_once(pin!(service.call(Request::new(())))).is_ready());
    for name in ["outer", "within"] {
        assert_eq!(told(&store, name), ([1.0, 0.0, 0.0], 1.0, 0.0, None), "{name}");
    }
}

#[test]
fn a_queue_is_waited_in_and_left() {
    let store = Store::new();
    let limit = Limit::with_store(&store, "queue").unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    let buffer = tower::layer::layer_fn(move |inner| {
        let (buffer, worker) = Buffer::pair(inner, 8);
        send.send(worker).unwrap();
        buffer
    });
    let mut service = limit.observe(buffer).layer(inner(0));
    let mut worker = Box::pin(receive.recv().unwrap());
    assert!(is_ready(&mut service));
    let mut waits = Box::pin(service.call(Request::new(())));
    assert!(is_ready(&mut service));
    let leaves = service.call(Request::new(()));
    assert!(poll_once(waits.as_mut()).is_pending());
    assert_eq!(told(&store, "queue").0, [0.0, 0.0, 0.0]);
    drop(leaves);
    assert_eq!(told(&store, "queue").0, [0.0, 0.0, 1.0]);
    assert!(poll_once(worker.as_mut()).is_pending());
    assert!(poll_once(waits.as_mut()).is_ready());
    assert_eq!(told(&store, "queue"), ([1.0, 0.0, 1.0], 1.0, 0.0, None));
}

/// A limit that answers for itself is one as well.
#[test]
fn an_answer_of_the_limit_itself_is_a_refusal() {
    #[derive(Clone)]
    struct Busy;
    impl Service<Request<()>> for Busy {
        type Response = Response<ScriptedBody>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, _: Request<()>) -> Self::Future {
            let mut response = Response::new(ScriptedBody::new());
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            ready(Ok(response))
        }
    }
    let metrics = Metrics::new();
    let limit = metrics.limit("rate").unwrap();
    let mut service = limit.observe(tower::layer::layer_fn(|_| Busy)).layer(());
    assert!(is_ready(&mut service));
    assert!(poll_once(pin!(service.call(Request::new(())))).is_ready());
    assert_eq!(told(metrics.store(), "rate").0, [0.0, 1.0, 0.0]);
}

#[test]
fn a_refusal_within_the_window_is_an_exchange_and_its_error_says_so() {
    let metrics = Metrics::new();
    let store = metrics.store().clone();
    let limit = metrics.limit("checkout").unwrap();
    let shed = ServiceBuilder::new().layer(LoadShedLayer::new()).concurrency_limit(1).into_inner();
    let mut service = metrics.server().layer(limit.observe(shed).layer(inner(1)));
    let mut second = service.clone();
    assert!(is_ready(&mut service) && is_ready(&mut second));
    let first = service.call(Request::new(()));
    assert!(poll_once(pin!(second.call(Request::new(())))).is_ready());
    drop(first);
    let ended = |ending| store.snapshot().total("tower_telemetry.exchanges.ended", &[("ending", ending)]);
    assert_eq!((ended("failed"), ended("dropped")), (1.0, 1.0));
    assert_eq!(told(&store, "checkout").0, [1.0, 1.0, 0.0]);
}

#[test]
fn a_panic_on_the_way_is_neither_lost_nor_left_in_flight() {
    let store = Store::new();
    let limit = Limit::with_store(&store, "checkout").unwrap();
    let script: Scripted = Scripted::new([Reply::panic_in_call(), Reply::panic_in_future()]);
    let mut service = limit.observe(ConcurrencyLimitLayer::new(2)).layer(script);
    for _ in 0..2 {
        assert!(is_ready(&mut service));
        let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = poll_once(pin!(service.call(Request::new(()))));
        }));
        assert!(played.is_err());
    }
    assert_eq!(told(&store, "checkout"), ([2.0, 0.0, 0.0], 2.0, 0.0, None));
}

/// The types stay those of tower: a limited service is one that tower can box.
#[test]
fn a_limited_service_can_be_boxed() {
    let limit = Metrics::new().limit("checkout").unwrap();
    let service = limit.observe(LoadShedLayer::new()).layer(inner(0));
    let mut service = tower::util::BoxCloneService::new(service);
    let answer: Pin<Box<dyn Future<Output = Result<Response<ScriptedBody>, BoxError>> + Send>> = {
        assert!(is_ready(&mut service));
        service.call(Request::new(()))
    };
    let mut answer = answer;
    assert!(poll_once(answer.as_mut()).is_ready());
}
