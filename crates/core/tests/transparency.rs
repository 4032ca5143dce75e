//! Nothing changes because it is watched: any body, under any number of wrappers, answers as it does bare.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::future::{Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body::{Body, SizeHint};
use proptest::collection::vec;
use proptest::prelude::*;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{ObserveLayer, RequestBodyLayer, Side};
use tower_telemetry_testing::{
    EndAnswer, Recorder, Reply, Scripted, ScriptedBody, ScriptedError, Seen, SizeAnswer, Step, call,
    poll_body, poll_once,
};

/// What can be known of a body from outside, at each step: `None` for a panic.
type Answer = (Option<Seen<ScriptedError>>, (u64, Option<u64>), bool);

#[derive(Debug, Clone)]
struct Case {
    side: Side,
    content_type: &'static str,
    method: &'static str,
    status: StatusCode,
    fields: Vec<(&'static str, &'static str)>,
    body: ScriptedBody,
    /// How often the body is polled, before and beyond its end.
    polls: usize,
}

fn step() -> impl Strategy<Value = Step> {
    let trailers = prop_oneof![
        Just(HeaderMap::new()),
        Just(HeaderMap::from_iter([(
            http::HeaderName::from_static("grpc-status"),
            HeaderValue::from_static("13")
        )])),
    ];
    prop_oneof![
        4 => vec(any::<u8>(), 0..12).prop_map(|data| Step::Data(data.into())),
        1 => Just(Step::Data(b"\x80\0\0\0\x0fgrpc-status:0\r\n"[..].into())),
        1 => Just(Step::Data("gAAAAA9ncnBjLXN0YXR1czowDQo=".into())),
        2 => trailers.prop_map(Step::Trailers),
        1 => Just(Step::Error(ScriptedError)),
        2 => Just(Step::Pending),
        1 => Just(Step::Stall),
        1 => Just(Step::Panic),
        1 => Just(Step::End),
    ]
}

fn size() -> impl Strategy<Value = SizeAnswer> {
    let bounded = (0..20_u64, 0..20_u64).prop_map(|(lower, more)| {
        let mut hint = SizeHint::new();
        hint.set_lower(lower);
        hint.set_upper(lower + more);
        SizeAnswer::Fixed(hint)
    });
    prop_oneof![
        Just(SizeAnswer::Unknown),
        Just(SizeAnswer::Remaining),
        (0..20_u64).prop_map(SizeAnswer::exactly),
        bounded,
    ]
}

fn end() -> impl Strategy<Value = EndAnswer> {
    prop_oneof![
        Just(EndAnswer::Never),
        Just(EndAnswer::Eager),
        Just(EndAnswer::Always),
        (0..4_usize).prop_map(EndAnswer::WithinLast),
    ]
}

fn body() -> impl Strategy<Value = ScriptedBody> {
    (vec(step(), 0..8), size(), end())
        .prop_map(|(steps, size, end)| ScriptedBody::from_steps(steps).with_size(size).with_end(end))
}

fn case() -> impl Strategy<Value = Case> {
    let content_type = prop::sample::select(vec![
        "text/plain",
        "application/grpc",
        "application/grpc-web",
        "application/grpc-web-text",
    ]);
    let fields = prop::sample::subsequence(
        vec![
            ("content-length", "6"),
            ("grpc-status", "5"),
            ("content-type", "text/event-stream"),
            ("content-type", "application/grpc-web"),
            ("content-type", "application/grpc-web-text"),
        ],
        0..3,
    );
    (
        prop::sample::select(vec![Side::Server, Side::Client]),
        content_type,
        prop::sample::select(vec!["GET", "HEAD", "CONNECT", "SPEAK"]),
        prop::sample::select(vec![101_u16, 200, 204, 304, 404, 503]),
        fields,
        body(),
        0..12_usize,
    )
        .prop_map(|(side, content_type, method, status, fields, body, polls)| Case {
            side,
            content_type,
            method,
            status: StatusCode::from_u16(status).unwrap(),
            fields,
            body,
            polls,
        })
}

impl Case {
    fn request(&self) -> Request<()> {
        Request::builder()
            .method(self.method)
            .header(header::CONTENT_TYPE, self.content_type)
            .body(())
            .unwrap()
    }

    fn service(&self) -> Scripted {
        let mut response = Response::new(self.body.clone());
        *response.status_mut() = self.status;
        for (name, value) in &self.fields {
            response.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        Scripted::new([Reply::response(response).after_pending(self.polls % 3)])
    }

    fn layer<const N: u32>(&self) -> ObserveLayer<Recorder<N>> {
        ObserveLayer::new(self.side, Recorder::new())
    }
}

/// Plays the case: how often the future was pending, the head, and the body step by step.
fn play<S, B>(case: &Case, mut service: S) -> (usize, StatusCode, HeaderMap, Vec<Answer>)
where
    S: Service<Request<()>, Response = Response<B>, Error = ScriptedError>,
    B: Body<Error = ScriptedError>,
{
    let mut future = Box::pin(call(&mut service, case.request()));
    let mut pendings = 0;
    let response = loop {
        match poll_once(future.as_mut()) {
            Poll::Ready(result) => break result.unwrap(),
            Poll::Pending => pendings += 1,
        }
    };
    let (head, body) = response.into_parts();
    (pendings, head.status, head.headers, steps(case, body))
}

fn steps<B: Body<Error = ScriptedError>>(case: &Case, body: B) -> Vec<Answer> {
    let mut body = Box::pin(body);
    let mut steps = vec![(None, sizes(&*body), body.is_end_stream())];
    for _ in 0..case.polls {
        let seen = catch_unwind(AssertUnwindSafe(|| poll_body(body.as_mut()))).ok();
        steps.push((seen, sizes(&*body), body.is_end_stream()));
    }
    steps
}

/// Gives the body of its request to whoever made the pipe.
struct Pipe<B>(Sender<B>);

impl<B> Service<Request<B>> for Pipe<B> {
    type Response = Response<ScriptedBody>;
    type Error = ScriptedError;
    type Future = Ready<Result<Self::Response, ScriptedError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ScriptedError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.0.send(request.into_body()).unwrap();
        ready(Ok(Response::new(ScriptedBody::new())))
    }
}

fn sizes(body: &impl Body) -> (u64, Option<u64>) {
    let hint = body.size_hint();
    (hint.lower(), hint.upper())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_body_under_one_to_three_wrappers_answers_as_it_does_bare(case in case()) {
        let bare = play(&case, case.service());
        let one = case.layer::<0>().layer(case.service());
        prop_assert_eq!(&bare, &play(&case, one));
        let two = case.layer::<0>().layer(case.layer::<1>().layer(case.service()));
        prop_assert_eq!(&bare, &play(&case, two));
        let twice = case.layer::<0>().layer(case.layer::<0>().layer(case.service()));
        prop_assert_eq!(&bare, &play(&case, twice));
        let three = case.layer::<0>().layer(case.layer::<1>().layer(case.layer::<2>().layer(case.service())));
        prop_assert_eq!(&bare, &play(&case, three));
    }

    #[test]
    fn a_request_body_that_is_counted_arrives_as_it_was_sent(case in case()) {
        let recorder = Recorder::<0>::new();
        let (sender, body) = channel();
        let service = RequestBodyLayer::new().layer(RequestBodyLayer::new().layer(Pipe(sender)));
        let mut service = ObserveLayer::new(case.side, recorder.clone()).layer(service);
        let in_flight = call(&mut service, case.request().map(|()| case.body.clone()));
        let seen = steps(&case, body.recv().unwrap());
        drop(in_flight);
        let data = |step: &Answer| if let Some(Seen::Data(data)) = &step.0 { data.len() as u64 } else { 0 };
        prop_assert_eq!(recorder.only_record().outcome.request_bytes, Some(seen.iter().map(data).sum::<u64>()));
        prop_assert_eq!(steps(&case, case.body.clone()), seen);
    }

    #[test]
    fn an_exchange_is_told_once_whatever_its_body_does(case in case()) {
        let recorder = Recorder::<0>::new();
        let layer = ObserveLayer::new(case.side, recorder.clone());
        let (_, status, ..) = play(&case, layer.layer(case.service()));
        let told = recorder.only_record();
        prop_assert_eq!(told.outcome.status, Some(status));
        prop_assert_eq!(told.bytes, told.outcome.sent);
        prop_assert_eq!(told.outcome.grpc.is_some(), told.protocol.is_grpc() && status != 101 && !(case.method == "CONNECT" && status.is_success()));
        recorder.assert_nothing_in_flight();
        recorder.assert_always_current();
    }
}
