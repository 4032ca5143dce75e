//! What observers are told before the end, and may write on the way: trailers, the settling, the kept trace.

use std::io;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue, Request, request};
use tower_layer::Layer;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{
    Ending, Exchange, Moment, Observer, Outcome, Signal, SignalExt, TraceIds, Window,
};
use tower_telemetry_testing::{Scripted, Seen, call, read_body, run};

use crate::handler::{TellsIds, send};
use crate::row::{Body, body, fields_of, post, respond};

type Told = Arc<Mutex<Vec<(u32, &'static str)>>>;

/// Notes the order of what it is told, and writes a trailer.
#[derive(Debug, Clone)]
struct Notes<const N: u32>(Told);

impl<const N: u32> Notes<N> {
    fn note(&self, moment: &'static str) {
        self.0.lock().unwrap().push((N, moment));
    }
}

impl<const N: u32> Signal for Notes<N> {
    const WINDOW: Window = Window::custom(N);
    type Observer = Box<Self>;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> Box<Self> {
        Box::new(self.clone())
    }
}

impl<const N: u32> Observer for Notes<N> {
    type Guard = ();

    fn enter(&self) {}

    fn trailers(&mut self, _: &Exchange, trailers: &mut HeaderMap) {
        self.note("trailers");
        trailers.append("seen-by", HeaderValue::from(N));
    }

    fn settle(&mut self, exchange: &Exchange, outcome: &Outcome) {
        // The outcome stands on the card by now: whoever looks there sees what is told.
        assert_eq!(exchange.outcome(), Some(*outcome));
        self.note("settle");
    }

    fn end(self, _: &Exchange, _: &Outcome) {
        self.note("end");
    }
}

/// Says at the settling whether the trace is kept, and at the end what stands on the card.
#[derive(Debug, Clone)]
struct Keeps {
    is_kept: bool,
    seen: Arc<Mutex<Vec<Option<TraceIds>>>>,
}

impl Signal for Keeps {
    type Observer = Self;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> Self {
        self.clone()
    }
}

impl Observer for Keeps {
    type Guard = ();

    fn enter(&self) {}

    fn settle(&mut self, exchange: &Exchange, _: &Outcome) {
        exchange.set_kept(self.is_kept);
        exchange.set_kept(!self.is_kept);
    }

    fn end(self, exchange: &Exchange, _: &Outcome) {
        self.seen.lock().unwrap().push(exchange.kept_trace());
    }
}

fn grpc() -> Scripted<Body, io::Error> {
    Scripted::new([respond(200, body().data("m").trailers(fields_of(&[("grpc-status", "0")])))])
}

fn windows(told: &Told) -> (Notes<0>, Option<Notes<1>>, Arc<Notes<2>>) {
    (Notes(Arc::clone(told)), Some(Notes(Arc::clone(told))), Arc::new(Notes(Arc::clone(told))))
}

#[test]
fn all_observers_settle_before_any_of_them_ends() {
    let told = Told::default();
    send(windows(&told).server().layer(grpc()), post("application/grpc").request());
    let expected =
        ["trailers", "settle", "end"].into_iter().flat_map(|moment| [2, 1, 0].map(|n| (n, moment)));
    assert_eq!(*told.lock().unwrap(), expected.collect::<Vec<_>>());
}

#[test]
fn an_exchange_without_trailers_settles_all_the_same_and_once() {
    for reply in [
        respond(200, body().data("m")),
        respond(204, body()),
        respond(200, body().error(crate::row::reset())),
    ] {
        let told = Told::default();
        send(Notes::<0>(Arc::clone(&told)).server().layer(Scripted::new([reply])), Request::new(()));
        assert_eq!(*told.lock().unwrap(), [(0, "settle"), (0, "end")]);
    }
    let told = Told::default();
    let mut service = Notes::<0>(Arc::clone(&told)).server().layer(grpc());
    drop(call(&mut service, Request::new(())));
    assert_eq!(*told.lock().unwrap(), [(0, "settle"), (0, "end")], "a call that is dropped has ended, too");
}

#[test]
fn what_is_written_into_the_trailers_is_sent() {
    let told = Told::default();
    let mut service = windows(&told).server().layer(grpc());
    let response = run(call(&mut service, post("application/grpc").request())).unwrap().unwrap();
    let seen = read_body(Box::pin(response.into_body()).as_mut());
    let Some(Seen::Trailers(trailers)) = seen.get(1) else { panic!("no trailers in {seen:?}") };
    assert_eq!(trailers.get("grpc-status").unwrap(), "0");
    assert_eq!(trailers.get_all("seen-by").iter().collect::<Vec<_>>(), ["2", "1", "0"]);
}

#[test]
fn a_trace_is_kept_if_its_head_said_so_or_its_end() {
    for (is_kept, expected) in [(true, Some(true)), (false, None)] {
        let keeps = Keeps { is_kept, seen: Arc::default() };
        send((TellsIds, keeps.clone()).server().layer(grpc()), Request::new(()));
        // The first to tell is heard.
        let kept = *keeps.seen.lock().unwrap().first().unwrap();
        assert_eq!(kept.map(|ids| ids.flags.is_sampled()), expected);
    }
}

#[test]
fn a_trace_is_kept_as_its_head_said_where_no_end_says_otherwise() {
    #[derive(Debug, Clone)]
    struct Sees(TraceFlags, Arc<Mutex<Vec<Option<bool>>>>);
    impl Signal for Sees {
        type Observer = Self;
        fn start(&self, exchange: &Exchange, _: &mut request::Parts) -> Self {
            assert_eq!(exchange.kept_trace(), None, "without ids there is nothing to keep");
            exchange.set_trace(TraceIds::random(self.0));
            self.clone()
        }
    }
    impl Observer for Sees {
        type Guard = ();
        fn enter(&self) {}
        fn end(self, exchange: &Exchange, outcome: &Outcome) {
            assert_eq!(outcome.ending, Ending::Complete);
            let kept = exchange.kept_trace();
            let same = kept.is_none_or(|kept| {
                exchange
                    .trace()
                    .is_some_and(|ids| (kept.trace_id, kept.span_id) == (ids.trace_id, ids.span_id))
            });
            assert!(same, "the ids are those of the exchange");
            self.1.lock().unwrap().push(kept.map(|ids| ids.flags.is_sampled()));
        }
    }
    let seen = Arc::default();
    for flags in [TraceFlags::SAMPLED, TraceFlags::NONE] {
        send(Sees(flags, Arc::clone(&seen)).server().layer(grpc()), Request::new(()));
    }
    assert_eq!(*seen.lock().unwrap(), [Some(true), None]);
}

#[test]
fn an_exchange_is_wanted_once_somebody_asks_for_it_and_keeps_one_attachment() {
    #[derive(Debug, Clone)]
    struct Asks;
    impl Signal for Asks {
        type Observer = ();
        fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
            assert!(!exchange.is_wanted());
            exchange.want();
            assert!(exchange.is_wanted());
            assert_eq!(exchange.attached::<u32>(), None);
            assert_eq!(exchange.attachment(|| 7_u32), Some(&7));
            assert_eq!(exchange.attachment(|| 8_u32), Some(&7), "the first to ask made it");
            assert_eq!(exchange.attached::<u32>(), Some(&7));
            assert_eq!(exchange.attachment(|| "other"), None, "there is one place");
        }
    }
    send(Asks.server().layer(grpc()), Request::new(()));
}

#[test]
fn the_end_of_an_exchange_is_a_moment_between_its_start_and_the_telling() {
    #[derive(Debug, Clone)]
    struct Times(Moment);
    impl Signal for Times {
        type Observer = Self;
        fn start(&self, _: &Exchange, _: &mut request::Parts) -> Self {
            Self(Moment::now())
        }
    }
    impl Observer for Times {
        type Guard = ();
        fn enter(&self) {}
        fn end(self, exchange: &Exchange, outcome: &Outcome) {
            let ended = exchange.ended(outcome);
            assert!(self.0 <= ended && ended <= Moment::now());
            assert_eq!(ended.since(exchange.arrived()), outcome.total);
        }
    }
    send(Times(Moment::now()).server().layer(grpc()), Request::new(()));
}
