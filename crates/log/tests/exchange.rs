//! What a line tells of the exchange that it was logged in.
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

use http::{Request, Response, request};
use http_body_util::Empty;
use support::{Line, told, told_by};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_core::{Exchange, Label, RequestId, Scope, Signal, SignalExt, TraceIds, Work, current};
use tracing::{info, info_span};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

/// Which ids the windows beside the log have told.
#[derive(Clone, Copy)]
enum Ids {
    None,
    Request,
    All,
}

impl Signal for Ids {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        if !matches!(self, Self::None) {
            exchange.set_request_id(RequestId::new("req-1").unwrap());
        }
        if matches!(self, Self::All) {
            let trace_id = TraceId::from_hex(TRACE.as_bytes()).unwrap();
            let span_id = SpanId::from_hex(SPAN.as_bytes()).unwrap();
            exchange.set_trace(TraceIds { trace_id, span_id, flags: TraceFlags::NONE });
        }
    }
}

enum Tier {
    Paid,
}

impl Label for Tier {
    const NAME: &'static str = "tier";
    const VALUES: &'static [&'static str] = &["paid"];

    fn index(&self) -> usize {
        0
    }
}

/// Runs the handler within an exchange that has these ids.
fn within(ids: Ids, handler: impl Fn() + Clone) {
    let service = ids.server().layer(service_fn(move |_: Request<()>| {
        handler();
        async { Ok::<_, Infallible>(Response::new(Empty::<&'static [u8]>::new())) }
    }));
    let call = pin!(service.oneshot(Request::new(())));
    assert!(matches!(call.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_))));
}

fn one(ids: Ids, handler: impl Fn() + Clone) -> Line {
    support::one(|| within(ids, handler))
}

#[test]
fn every_line_of_an_exchange_has_its_ids_sampled_or_not() {
    let line = one(Ids::All, || info!(order = 7, "told"));
    assert_eq!(line.own_keys(), ["message", "trace_id", "span_id", "request_id", "order"]);
    let ids = ["trace_id", "span_id", "request_id"].map(|key| line.fields[key].as_str().unwrap().to_owned());
    assert_eq!(ids, [TRACE, SPAN, "req-1"]);
}

#[test]
fn a_line_outside_has_none() {
    let lines = told(|| {
        within(Ids::All, || ());
        info!("after");
    });
    assert_eq!(lines[0].own_keys(), ["message"]);
}

#[test]
fn a_field_named_as_an_id_is_dropped_where_the_exchange_has_that_id() {
    let log = || {
        let _span = info_span!("span", trace_id = "theirs", request_id = "theirs").entered();
        info!(span_id = "theirs", "told");
    };
    let all = one(Ids::All, log);
    assert_eq!(all.own_keys(), ["message", "trace_id", "span_id", "request_id"]);
    assert!(!all.text.contains("theirs"));
    let request = one(Ids::Request, log);
    assert_eq!(request.own_keys(), ["message", "request_id", "trace_id", "span_id"]);
    assert_eq!(
        (request.json("request_id"), request.json("trace_id")),
        ("\"req-1\"".into(), "\"theirs\"".into())
    );
    assert_eq!(one(Ids::None, log).own_keys(), ["message", "trace_id", "request_id", "span_id"]);
}

#[test]
fn the_handlers_notes_stand_before_the_spans_and_yield_to_them() {
    let line = one(Ids::All, || {
        let exchange = current().unwrap();
        exchange.set("cart.items", 3_i64);
        exchange.set("ratio", 0.5);
        exchange.set("vip", true);
        exchange.set("user", "from \"notes\"");
        exchange.set("hidden", "from notes");
        exchange.set("level", "from notes");
        exchange.label(Tier::Paid);
        let _span = info_span!("span", hidden = "from span", order = 7).entered();
        info!("told");
    });
    let own = ["cart.items", "ratio", "vip", "user", "tier", "hidden", "order"];
    assert_eq!(line.own_keys()[4..], own);
    let values = ["3", "0.5", "true", r#""from \"notes\"""#, "\"paid\"", "\"from span\"", "7"];
    assert_eq!(own.map(|key| line.json(key)), values);
}

#[test]
fn the_service_name_stands_after_the_ids() {
    let lines = told_by(|layer| layer.with_service_name("shop"), || within(Ids::Request, || info!("told")));
    assert_eq!(lines[0].own_keys(), ["message", "request_id", "service.name"]);
}

#[test]
fn work_that_is_no_exchange_has_ids_of_its_own_on_its_lines() {
    let ids = |text: &[u8]| TraceIds::parse(text).unwrap();
    let work = Work::new()
        .with_trace(ids(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        .with_linked(ids(b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
        .with_request_id(RequestId::new("req-1"));
    let lines = told(|| {
        {
            let _attached = Scope::of_work(work).attach();
            let _span = info_span!("job", linked_trace_id = "forged", span_id = "forged").entered();
            info!("within");
        }
        info!(linked_trace_id = "own", "after");
    });
    let keys = ["trace_id", "span_id", "request_id", "linked_trace_id"];
    let expected = [TRACE, SPAN, "req-1", "4bf92f3577b34da6a3ce929d0e0e4736"].map(|id| format!("\"{id}\""));
    assert_eq!(keys.map(|key| lines[0].json(key).to_owned()), expected);
    assert_eq!(lines[1].own_keys(), ["message", "linked_trace_id"]);
}
