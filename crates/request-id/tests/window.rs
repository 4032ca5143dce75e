//! The window over a service that does as a script says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tower::service_fn;
use tower_layer::Layer;
use tower_telemetry_core::{Exchange, SignalExt, Trust, Value, current};
use tower_telemetry_request_id::{RequestId, RequestIds};
use tower_telemetry_testing::{Reply, Scripted, call, run};

/// What a server made of a request with these lines in its header.
struct Served {
    exchange: Arc<Exchange>,
    /// The request as the handler met it.
    met: HeaderMap,
    answered: HeaderMap,
}

impl Served {
    fn id(&self) -> &str {
        self.exchange.request_id().unwrap().as_str()
    }

    fn kept_apart(&self) -> Option<String> {
        let mut kept = None;
        self.exchange.attributes(|key, value| {
            if let ("client_request_id", Value::Text(text)) = (key, value) {
                kept = Some(text.clone().into_owned());
            }
        });
        kept
    }
}

fn serve(ids: &RequestIds, lines: &[&[u8]]) -> Served {
    serve_with(ids, "x-request-id", lines)
}

fn serve_with(ids: &RequestIds, header: &'static str, lines: &[&[u8]]) -> Served {
    let met = Arc::new(Mutex::new(None));
    let note = Arc::clone(&met);
    let handler = service_fn(move |request: Request<()>| {
        *note.lock().unwrap() = Some((current().unwrap(), request.headers().clone()));
        async { Ok::<_, Infallible>(Response::builder().status(500).body(String::new()).unwrap()) }
    });
    let mut request = Request::new(());
    for line in lines {
        request.headers_mut().append(header, HeaderValue::from_bytes(line).unwrap());
    }
    let response = run(call(&mut ids.clone().server().layer(handler), request)).unwrap().unwrap();
    let (exchange, met) = met.lock().unwrap().take().unwrap();
    let served = Served { exchange, met, answered: response.headers().clone() };
    let echoed: Vec<_> = served.answered.get_all(header).iter().collect();
    assert_eq!(echoed, [served.id()], "every response tells the id of its exchange, once");
    served
}

#[test]
fn a_well_formed_id_of_a_trusted_caller_is_taken() {
    let served = serve(&RequestIds::new(), &[b"req-1_2.3"]);
    assert_eq!((served.id(), served.kept_apart()), ("req-1_2.3", None));
    assert_eq!(served.met["x-request-id"], "req-1_2.3");
}

#[test]
fn a_request_without_an_id_gets_one_and_stays_as_it_was_sent() {
    let served = serve(&RequestIds::new(), &[]);
    assert_eq!(served.id().len(), 36);
    assert!(served.met.is_empty());
}

#[test]
fn what_is_malformed_is_replaced_for_everybody_counted_and_kept_apart() {
    let long = vec![b'x'; 8_192];
    let cases: [(&[&[u8]], Option<&str>); 7] = [
        (&[b"evil\"quote"], Some("evil_quote")),
        (&[b"evil space"], Some("evil_space")),
        (&["evil\u{e9}".as_bytes()], Some("evil__")),
        (&[b"\xff\xfe"], Some("__")),
        (&[b""], None),
        (&[b"one", b"two"], Some("one")),
        (&[&long], Some(&"x".repeat(128))),
    ];
    for (lines, kept) in cases {
        let ids = RequestIds::new();
        let served = serve(&ids, lines);
        assert_eq!((served.id().len(), ids.refused()), (36, 1), "{lines:?}");
        assert_eq!(served.kept_apart().as_deref(), kept);
        let met: Vec<_> = served.met.get_all("x-request-id").iter().collect();
        assert_eq!(met, [served.id()], "nobody further in meets what was refused");
    }
}

#[test]
fn the_id_of_a_stranger_is_kept_apart_and_not_passed_on() {
    let ids = RequestIds::new().with_trust(Trust::Link);
    let served = serve(&ids, &[b"theirs"]);
    assert_eq!(served.kept_apart().as_deref(), Some("theirs"));
    assert_ne!(served.id(), "theirs");
    assert_eq!(served.met["x-request-id"], served.id());
    assert_eq!(ids.refused(), 0, "it is well formed");
}

#[test]
fn nothing_is_kept_of_a_caller_who_is_never_believed() {
    let served = serve(&RequestIds::new().with_trust(Trust::Never), &[b"theirs"]);
    assert_eq!(served.kept_apart(), None);
    assert_eq!(served.met["x-request-id"], served.id());
}

#[test]
fn another_header_and_another_maker_are_those_of_both_sides() {
    let ids = RequestIds::new()
        .with_header(HeaderName::from_static("x-correlation-id"))
        .with_maker(|head| RequestId::new(head.method.as_str()));
    let served = serve_with(&ids, "x-correlation-id", &[]);
    assert_eq!(served.id(), "GET");
    assert!(!served.answered.contains_key("x-request-id"));
    assert_eq!(serve_with(&ids, "x-correlation-id", &[b"theirs"]).id(), "theirs");
    assert_eq!(sent(&ids, Request::new(()))["x-correlation-id"], "GET");
}

#[test]
fn a_skipped_exchange_has_an_id_too() {
    let handler = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(String::new())));
    let mut service = RequestIds::new().skip(|_, _| true).server().layer(handler);
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    assert_eq!(response.headers()["x-request-id"].len(), 36);
}

/// The headers with which a client sends this request.
fn sent(ids: &RequestIds, request: Request<()>) -> HeaderMap {
    let inner: Scripted<String, Infallible> = Scripted::new([Reply::response(Response::new(String::new()))]);
    run(call(&mut ids.clone().client().layer(inner.clone()), request)).unwrap().unwrap();
    inner.heads().pop().unwrap().headers
}

#[test]
fn a_call_carries_the_id_of_the_request_that_it_is_made_for() {
    let ids = RequestIds::new();
    let client = ids.clone();
    let handler = service_fn(move |_: Request<()>| {
        let headers = sent(&client, Request::new(()));
        async move {
            Ok::<_, Infallible>(
                Response::builder().header("sent", &headers["x-request-id"]).body(String::new()).unwrap(),
            )
        }
    });
    let response = run(call(&mut ids.server().layer(handler), Request::new(()))).unwrap().unwrap();
    assert_eq!(response.headers()["sent"], response.headers()["x-request-id"]);
}

#[test]
fn a_call_of_nobodys_has_an_id_of_its_own_or_the_one_that_the_program_wrote() {
    let ids = RequestIds::new();
    assert_eq!(sent(&ids, Request::new(()))["x-request-id"].len(), 36);
    let written = |id: &'static str| Request::builder().header("x-request-id", id).body(()).unwrap();
    assert_eq!(sent(&ids, written("own"))["x-request-id"], "own");
    for hostile in ["evil \"", ""] {
        assert_eq!(sent(&ids, written(hostile))["x-request-id"].len(), 36);
    }
}

#[test]
fn a_request_that_is_tried_again_within_the_server_keeps_its_id() {
    let window = RequestIds::new().with_trust(Trust::Link).server();
    // Answers with what it meets.
    let handler = service_fn(async |request: Request<()>| {
        let met = &request.headers()["x-request-id"];
        Ok::<_, Infallible>(Response::builder().header("met", met).body(String::new()).unwrap())
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let ids = Arc::clone(&seen);
    let twice = service_fn(move |request: Request<()>| {
        for _ in 0..2 {
            let response = run(call(&mut window.layer(handler), request.clone())).unwrap().unwrap();
            ids.lock().unwrap().extend(["met", "x-request-id"].map(|name| response.headers()[name].clone()));
        }
        async { Ok::<_, Infallible>(Response::new(String::new())) }
    });
    let request = Request::builder().header("x-request-id", "theirs").body(()).unwrap();
    run(call(&mut ().server().layer(twice), request)).unwrap().unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() == 4 && seen.iter().all(|id| *id == seen[0]), "{seen:?}");
    assert_ne!(seen[0], "theirs");
}
