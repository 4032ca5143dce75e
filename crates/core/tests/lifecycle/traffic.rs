//! What passed in both bodies: messages of gRPC, bytes of a request, and what is a stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use http::{Request, Response, header};
use http_body_util::BodyExt;
use tower_layer::Layer;
use tower_telemetry_core::{RequestBodyLayer, SignalExt, current};
use tower_telemetry_testing::{Record, Recorder, Scripted, read_body, run};

use crate::handler::send;
use crate::row::{Answer, Body, body, fields_of, post, reset, respond, respond_with};

/// 7 bytes, a message of two.
const MESSAGE: &[u8] = b"\0\0\0\0\x02hi";

/// The messages that are told of a call of this type: of its response, and of its request.
fn answered(content_type: &'static str, reply: Answer) -> (Option<u64>, Option<u64>) {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> = Scripted::new([reply]);
    send(recorder.clone().server().layer(inner), post(content_type).request());
    let outcome = recorder.only_record().outcome;
    (outcome.response_messages, outcome.request_messages)
}

#[test]
fn the_messages_of_a_grpc_response_are_counted_over_the_bounds_of_its_frames() {
    let ok = || fields_of(&[("grpc-status", "0")]);
    let three = body().data(&MESSAGE[..3]).data([&MESSAGE[3..], MESSAGE, &MESSAGE[..1]].concat());
    let three = three.pending().data(&MESSAGE[1..]).trailers(ok());
    assert_eq!(answered("application/grpc", respond(200, three)), (Some(3), None));
    let cut = body().data(MESSAGE).data(&MESSAGE[..6]).error(reset());
    assert_eq!(answered("application/grpc+proto", respond(200, cut)), (Some(1), None));
    let none = respond_with(200, &[("grpc-status", "5")], body());
    assert_eq!(answered("application/grpc", none), (Some(0), None), "trailers-only");
    let page = body().data("<html>what a proxy says</html>");
    assert_eq!(answered("application/grpc", respond(502, page)), (None, None));
}

#[test]
fn the_messages_of_grpc_web_are_counted_without_its_trailers() {
    let binary = [("content-type", "application/grpc-web+proto")];
    let frames = body().data([MESSAGE, MESSAGE, b"\x80\0\0\0\x0fgrpc-status:0\r\n"].concat());
    assert_eq!(answered("application/grpc-web", respond_with(200, &binary, frames)), (Some(2), None));
    let text = [("content-type", "application/grpc-web-text")];
    let frames = body().data("AAAAAAJoaQ==").data("gAAAAA9ncnBjLXN0YXR1czowDQo=");
    assert_eq!(answered("application/grpc-web-text", respond_with(200, &text, frames)), (Some(1), None));
}

#[test]
fn a_body_of_http_has_no_messages() {
    assert_eq!(answered("application/json", respond(200, body().data(MESSAGE))), (None, None));
}

#[test]
fn messages_in_a_buffer_of_pieces_are_counted_unless_there_are_too_many() {
    /// Answers with one frame, a buffer cut after each byte.
    fn pieces(bytes: &'static [u8]) -> Option<u64> {
        let recorder = Recorder::<0>::new();
        let inner = crate::handler::Handler(move |_: Request<()>| async move {
            Ok::<_, io::Error>(Response::new(body().data(bytes).map_frame(|frame| frame.map_data(Pieces))))
        });
        let mut service = recorder.clone().server().layer(inner);
        let request = post("application/grpc").request();
        let response = run(tower_telemetry_testing::call(&mut service, request)).unwrap().unwrap();
        let mut body = Box::pin(response.into_body());
        let mut cx = Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(_)) = http_body::Body::poll_frame(Pin::as_mut(&mut body), &mut cx) {}
        recorder.only_record().outcome.response_messages
    }
    assert_eq!(pieces(b"\0\0\0\0\x02hi\x01\0\0\0\0"), Some(2));
    assert_eq!(pieces(b"\0\0\0\0\x0312345678901234567890"), None);
}

/// A buffer of as many pieces as bytes.
#[derive(Debug)]
struct Pieces(Bytes);

impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.0.len()
    }

    fn chunk(&self) -> &[u8] {
        self.0.get(..1).unwrap_or_default()
    }

    fn chunks_vectored<'a>(&'a self, pieces: &mut [io::IoSlice<'a>]) -> usize {
        let cut = self.0.chunks(1).zip(pieces);
        cut.map(|(byte, piece)| *piece = io::IoSlice::new(byte)).count()
    }

    fn advance(&mut self, count: usize) {
        self.0.advance(count);
    }
}

/// What is told of a request whose handler reads its body, behind so many layers that count.
fn asked(layers: usize, request: Request<Body>) -> Record {
    let recorder = Recorder::<0>::new();
    let handler = Reads;
    match layers {
        0 => ask(recorder.clone().server().layer(handler), request),
        1 => ask(recorder.clone().server().layer(RequestBodyLayer::new().layer(handler)), request),
        _ => {
            let twice = RequestBodyLayer::new().layer(RequestBodyLayer::new().layer(handler));
            ask(recorder.clone().server().layer(twice), request)
        }
    }
    recorder.only_record()
}

fn ask<S, B>(mut service: S, request: Request<Body>)
where
    S: tower_service::Service<Request<Body>, Response = Response<B>, Error = io::Error>,
    B: http_body::Body,
{
    let response = run(tower_telemetry_testing::call(&mut service, request)).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
}

/// Reads the request to its end, whatever its body is.
#[derive(Debug, Clone)]
struct Reads;

impl<B: http_body::Body> tower_service::Service<Request<B>> for Reads {
    type Response = Response<Body>;
    type Error = io::Error;
    type Future = std::future::Ready<Result<Response<Body>, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        read_body(Box::pin(request.into_body()).as_mut());
        std::future::ready(Ok(Response::new(body().trailers(fields_of(&[("grpc-status", "0")])))))
    }
}

fn upload(content_type: &'static str, body: Body) -> Request<Body> {
    post(content_type).request().map(|()| body)
}

#[test]
fn the_true_size_of_a_request_is_told_where_it_is_counted() {
    let text = || upload("text/plain", body().data("four").pending().data("seven b"));
    assert_eq!(asked(0, text()).outcome.request_bytes, None, "a stream announces nothing");
    assert_eq!(asked(1, text()).outcome.request_bytes, Some(11));
    assert_eq!(asked(2, text()).outcome.request_bytes, Some(11), "two layers count once");
    let mut announced = text();
    announced.headers_mut().insert(header::CONTENT_LENGTH, 42.into());
    assert_eq!(asked(0, announced).outcome.request_bytes, Some(42));
    let mut cut = upload("text/plain", body().data("four").error(reset()));
    cut.headers_mut().insert(header::CONTENT_LENGTH, 42.into());
    assert_eq!(asked(1, cut).outcome.request_bytes, Some(4), "what passed, and not what was announced");
    assert_eq!(asked(1, text()).outcome.request_messages, None, "HTTP has no messages");
}

#[test]
fn the_messages_of_a_request_are_told_where_they_are_counted() {
    let call =
        || upload("application/grpc", body().data([MESSAGE, &MESSAGE[..2]].concat()).data(&MESSAGE[2..]));
    assert_eq!(asked(0, call()).outcome.request_messages, None);
    let told = asked(1, call()).outcome;
    assert_eq!((told.request_bytes, told.request_messages), (Some(14), Some(2)));
    let web = upload("application/grpc-web-text", body().data("AAAAAAJoaQ=="));
    assert_eq!(asked(1, web).outcome.request_messages, Some(1));
}

#[test]
fn an_event_stream_and_a_call_of_several_messages_are_streams() {
    let is_stream = |content_type: &'static str, reply: Answer| {
        let (seen, keep) = std::sync::mpsc::channel();
        let mut replies = Some(reply);
        let handler = crate::handler::Handler(move |_: Request<()>| {
            seen.send(current().unwrap()).unwrap();
            let mut inner: Scripted<Body, io::Error> = Scripted::new(replies.take());
            tower_telemetry_testing::call(&mut inner, Request::new(()))
        });
        send(().server().layer(handler), post(content_type).request());
        keep.recv().unwrap().is_stream()
    };
    let events = [("content-type", "text/event-stream;charset=utf-8")];
    assert!(is_stream("text/plain", respond_with(200, &events, body().data("data: 1\n\n"))));
    assert!(!is_stream("text/plain", respond(200, body().data("data: 1\n\n").data("data: 2\n\n"))));
    assert!(is_stream("application/grpc", respond(200, body().data([MESSAGE, MESSAGE].concat()))));
    assert!(!is_stream("application/grpc", respond(200, body().data(MESSAGE))));
}
