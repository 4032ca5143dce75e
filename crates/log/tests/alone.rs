//! A JSON layer that alone listens is told access lines without an event, and only where nobody can tell.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::{Request, Response, request};
use http_body_util::Empty;
use support::{Captured, Line};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, Route, Signal, SignalExt, TraceIds};
use tower_telemetry_log::{JsonLayer, LineFormat, LineSink, LogContext, SourceLocation, ToldLine};
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, Metadata, dispatcher, info_span};
use tracing_subscriber::filter::{FilterFn, LevelFilter};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// How a line came to its writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Straight,
    ByEvent,
}
use Way::{ByEvent, Straight};

/// Keeps the lines, and how each came.
#[derive(Clone, Debug, Default)]
struct Writer {
    captured: Captured,
    ways: Arc<Mutex<Vec<Way>>>,
    /// Of which level, target, module and fields.
    sites: Arc<Mutex<Vec<String>>>,
}

impl Writer {
    fn ways(&self) -> Vec<Way> {
        std::mem::take(&mut *self.ways.lock().unwrap())
    }

    fn lines(&self) -> Vec<Line> {
        self.captured.lines()
    }
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Captured;

    fn make_writer(&'a self) -> Captured {
        panic!("a writer is made for an event")
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Captured {
        let way = if metadata.name().starts_with("access line") { Straight } else { ByEvent };
        self.ways.lock().unwrap().push(way);
        let fields: Vec<_> = metadata.fields().iter().map(|field| field.name()).collect();
        let place = (metadata.level(), metadata.target(), metadata.module_path(), metadata.is_event());
        self.sites.lock().unwrap().push(format!("{place:?} {fields:?}"));
        self.captured.clone()
    }
}

/// What an exchange tells of itself.
#[derive(Clone, Copy)]
enum Facts {
    Nothing,
    Trace,
    Note,
    Route(&'static str),
}

impl Signal for Facts {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        match *self {
            Self::Nothing => {}
            Self::Trace => {
                exchange.set_trace(TraceIds::random(TraceFlags::NONE));
            }
            Self::Note => {
                exchange.set("cart.items", 3_i64);
            }
            Self::Route(route) => {
                exchange.set_route(Route::template(route));
            }
        }
    }
}

/// An exchange that ends with this status.
fn exchange(facts: Facts, status: u16) {
    let service = (facts, LogContext::new()).server().layer(service_fn(move |_: Request<()>| async move {
        let response = Response::builder().status(status).body(Empty::<&'static [u8]>::new());
        Ok::<_, Infallible>(response.unwrap())
    }));
    let call = pin!(service.oneshot(Request::new(())));
    assert!(matches!(call.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_))));
}

/// The ways of what is told to the layer, changed by `style`, alone behind a filter.
fn ways(style: impl FnOnce(JsonLayer<Writer>) -> JsonLayer<Writer>, work: impl FnOnce()) -> Vec<Way> {
    let writer = Writer::default();
    let subscriber = style(JsonLayer::new(writer.clone())).alone_behind(LevelFilter::INFO);
    dispatcher::with_default(&subscriber, work);
    writer.ways()
}

fn plain(layer: JsonLayer<Writer>) -> JsonLayer<Writer> {
    layer
}

#[test]
fn whoever_listens_alone_is_told_straight() {
    for facts in [Facts::Nothing, Facts::Trace, Facts::Route("/a\"b")] {
        assert_eq!(ways(plain, || exchange(facts, 200)), [Straight]);
    }
    // What went wrong is told by an event of its own before.
    assert_eq!(ways(plain, || exchange(Facts::Nothing, 500)).last(), Some(&Straight));
    let active = || Some(TraceIds::random(TraceFlags::NONE));
    assert_eq!(ways(|layer| layer.with_active_span(active), || exchange(Facts::Trace, 200)), [Straight]);
}

#[test]
fn a_line_that_others_have_a_part_in_is_an_event() {
    let long = Box::leak("/a".repeat(5_000).into_boxed_str());
    for facts in [Facts::Note, Facts::Route(long)] {
        assert_eq!(ways(plain, || exchange(facts, 200)), [ByEvent]);
    }
    assert_eq!(ways(plain, || info_span!("around").in_scope(|| exchange(Facts::Trace, 200))), [ByEvent]);
    let active = || Some(TraceIds::random(TraceFlags::NONE));
    assert_eq!(ways(|layer| layer.with_active_span(active), || exchange(Facts::Nothing, 200)), [ByEvent]);
}

/// Takes lines, and does nothing.
struct Deaf;

impl LineSink for Deaf {
    fn tell(&self, _: &ToldLine<'_>) {}
}

#[test]
fn other_kinds_of_lines_are_events() {
    let told = || exchange(Facts::Trace, 200);
    assert_eq!(ways(|layer| layer.with_sink(Arc::new(Deaf)), told), [ByEvent]);
    assert_eq!(ways(|layer| layer.with_format(LineFormat::Pretty), told), [ByEvent]);
    assert_eq!(ways(|layer| layer.with_source_location(SourceLocation::Included), told), [ByEvent]);
}

/// Subscribers of other threads do not change it: `tracing` asks each only where they are not of one mind.
#[test]
fn it_is_so_beside_other_subscribers_of_other_filters() {
    let others = [LevelFilter::OFF, LevelFilter::TRACE]
        .map(|level| Dispatch::new(tracing_subscriber::registry().with(level)));
    assert_eq!(ways(plain, || exchange(Facts::Trace, 200)), [Straight]);
    let writer = Writer::default();
    let subscriber = JsonLayer::new(writer.clone()).alone_behind(LevelFilter::WARN);
    dispatcher::with_default(&subscriber, || exchange(Facts::Trace, 200));
    assert_eq!(writer.ways(), []);
    drop(others);
}

#[test]
fn what_filters_go_by_is_that_of_the_event() {
    let writer = Writer::default();
    let subscriber = JsonLayer::new(writer.clone()).alone_behind(LevelFilter::INFO);
    dispatcher::with_default(&subscriber, || {
        for status in [200, 500] {
            exchange(Facts::Trace, status);
            exchange(Facts::Note, status);
            assert_eq!(writer.ways(), [Straight, ByEvent]);
            let sites = std::mem::take(&mut *writer.sites.lock().unwrap());
            assert_eq!(sites.first(), sites.last());
        }
    });
}

#[test]
fn a_layer_among_others_is_told_by_events() {
    let writer = Writer::default();
    let alone = JsonLayer::new(writer.clone()).alone_behind(LevelFilter::INFO);
    let subscriber =
        tracing_subscriber::registry().with(LevelFilter::INFO).with(JsonLayer::new(writer.clone()));
    tracing::subscriber::with_default(subscriber, || exchange(Facts::Trace, 200));
    assert_eq!(writer.ways(), [ByEvent]);
    drop(alone);
}

#[test]
fn the_subscriber_of_the_thread_is_told_and_no_other() {
    let (outer, inner) = (Writer::default(), Writer::default());
    let alone = |writer: &Writer| JsonLayer::new(writer.clone()).alone_behind(LevelFilter::INFO);
    dispatcher::with_default(&alone(&outer), || {
        let told = || exchange(Facts::Trace, 200);
        dispatcher::with_default(&alone(&inner), told);
        assert_eq!((outer.ways(), inner.ways()), (vec![], vec![Straight]));
        dispatcher::with_default(&Dispatch::new(NoSubscriber::default()), told);
        dispatcher::with_default(&Dispatch::none(), told);
        assert_eq!((outer.ways(), inner.ways()), (vec![], vec![]));
        let by_hand = tracing_subscriber::registry().with(JsonLayer::new(inner.clone()));
        tracing::subscriber::with_default(by_hand, told);
        assert_eq!((outer.ways(), inner.ways()), (vec![], vec![ByEvent]));
        told();
        assert_eq!((outer.lines().len(), inner.lines().len()), (1, 2));
    });
}

#[test]
fn what_the_filter_does_not_let_through_is_not_told() {
    type Decide = fn(&Metadata<'_>) -> bool;
    let of_field: Decide = |metadata| metadata.fields().field("duration_ms").is_some();
    let of_errors: Decide = |metadata| *metadata.level() == tracing::Level::ERROR;
    let of_target: Decide = |metadata| metadata.target() != "tower_telemetry::access";
    for (decide, statuses) in [(of_field, vec![200, 500]), (of_errors, vec![500]), (of_target, vec![])] {
        let writer = Writer::default();
        let filter = FilterFn::new(decide);
        let subscriber = JsonLayer::new(writer.clone()).alone_behind(filter);
        dispatcher::with_default(&subscriber, || {
            exchange(Facts::Trace, 200);
            exchange(Facts::Trace, 500);
        });
        let told = writer.lines();
        let told = told.iter().filter(|line| line.json("message") == "\"exchange ended\"");
        let told: Vec<_> = told.map(|line| line.json("http.response.status_code")).collect();
        assert_eq!(told, statuses.iter().map(u16::to_string).collect::<Vec<_>>());
    }
}

/// Fails at each line.
#[derive(Clone)]
struct Full;

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_line_that_cannot_be_written_is_counted_once() {
    let layer = JsonLayer::new(|| Full);
    let lost = layer.lost_lines();
    dispatcher::with_default(&layer.alone_behind(LevelFilter::INFO), || exchange(Facts::Trace, 200));
    assert_eq!(lost.count(), 1);
}
