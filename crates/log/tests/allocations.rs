//! An event allocates nothing once the buffers of its thread have grown. Owns the global allocator, which
//! counts; it is one test, since the count is that of the whole process.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{Request, Response, request};
use http_body_util::Empty;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, RequestId, Scope, Signal, SignalExt, TraceIds, Work};
use tower_telemetry_log::{JsonLayer, LineFormat, NonBlocking, SourceLocation};
use tracing::{info, info_span, warn};
use tracing_subscriber::prelude::*;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 200;

/// The allocations of two hundred rounds of `work`, after some to grow on. The least of a few measurements:
/// the test harness may allocate meanwhile, while an allocation of ours would be in each.
fn allocations(mut work: impl FnMut()) -> usize {
    (0..10).for_each(|_| work());
    let measure = |_| {
        let region = Region::new(ALLOCATOR);
        (0..ROUNDS).for_each(|_| work());
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..5).map(measure).min().unwrap()
}

/// What `work` gives within an exchange that has ids and a note.
fn within_an_exchange(work: impl Fn() -> usize + Clone) -> usize {
    #[derive(Clone)]
    struct Ids;
    impl Signal for Ids {
        type Observer = ();
        fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
            exchange.set_trace(TraceIds::random(TraceFlags::SAMPLED));
            exchange.set_request_id(RequestId::new("01890a5d-ac96-774b-bcce-b302099a8057").unwrap());
            exchange.set("cart.items", 3_i64);
        }
    }
    let service = Ids.server().layer(service_fn(move |_: Request<()>| {
        let result = work();
        async move {
            let mut response = Response::new(Empty::<&'static [u8]>::new());
            response.extensions_mut().insert(result);
            Ok::<_, Infallible>(response)
        }
    }));
    let call = pin!(service.oneshot(Request::new(())));
    match call.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => *response.extensions().get().unwrap(),
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => panic!("nothing waits"),
    }
}

#[test]
fn an_event_allocates_nothing_and_a_span_with_fields_once() {
    // The measure itself: it must see an allocation.
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), ROUNDS);

    let layer =
        JsonLayer::new(io::sink).with_service_name("shop").with_source_location(SourceLocation::Included);
    let bare = {
        let _guard = tracing::subscriber::set_default(tracing_subscriber::registry());
        allocations(|| drop(info_span!("request", id = 7, path = "/orders/7").entered()))
    };
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    let failure = io::Error::other("disk full");
    let outer = info_span!("outer", tenant = "acme", attempt = tracing::field::Empty).entered();
    let _inner = info_span!("inner", order = 7, tenant = "inner").entered();
    let event = allocations(|| {
        info!(count = 3_u64, ratio = 0.25, large = u128::MAX, ok = true, kind = ?Some("x"), "sold {} of {}", 3, 12);
        warn!(error = &failure as &(dyn std::error::Error + 'static), path = "/a \"quoted\"\n\u{1b}[0m path");
        outer.record("attempt", 2);
        outer.record("attempt", "a longer value that replaces the number");
    });
    assert_eq!(event, 0);

    let span = allocations(|| drop(info_span!("request", id = 7, path = "/orders/7").entered()));
    // At most: the registry alone may find now and then that its own table has to grow.
    assert!(
        span <= bare + ROUNDS,
        "{span} and {bare}: the registry boxes what a layer keeps of a span; the fields themselves are pooled"
    );

    let in_exchange = within_an_exchange(|| allocations(|| info!(order = 7, "told")));
    assert_eq!(in_exchange, 0);

    // What an exchange tells, again and again from another one: the ids are encoded anew each time.
    let [one, other] = ["1", "2"].map(|id| {
        let work =
            Work::new().with_trace(TraceIds::random(TraceFlags::NONE)).with_request_id(RequestId::new(id));
        Scope::of_work(work)
    });
    let in_turn = allocations(|| {
        for scope in [&one, &other] {
            let _scope = scope.clone().attach();
            info!(order = 7, "told");
        }
    });
    assert_eq!(in_turn, 0);

    let long = "long \u{1} ".repeat(4_096);
    let cut = allocations(
        || info!(a = long, b = ?long, c = %long, d = long, e = long, f = long, g = long, h = long, "{long}"),
    );
    assert_eq!(cut, 0);

    // Lines for people, and lines that another thread writes.
    let background = NonBlocking::new(io::sink()).unwrap();
    drop(_guard);
    let pretty = JsonLayer::new(background).with_format(LineFormat::Coloured);
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(pretty));
    let _span = info_span!("span", tenant = "acme").entered();
    assert_eq!(within_an_exchange(|| allocations(|| info!(order = 7, "told \"{}\"", 3))), 0);
}
