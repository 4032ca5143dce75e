//! One exchange, seen from both of its ends.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use http::{Method, Request, Response, StatusCode, header};
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use tower::Layer;
use tower_telemetry::core::PeerAddr;
use tower_telemetry::trace::SpanNaming;
use tower_telemetry::{Authority, Protocol, Route, RouteTable, TelemetryBuilder};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, poll_once, read_body, run};
use tower_telemetry_tests::{Line, Rig, of_line, of_metrics, of_span, sentence};

pub(crate) type Body = ScriptedBody<io::Error>;
pub(crate) type Answer = Reply<Body, io::Error>;

/// What the caller does with its call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drive {
    /// Reads the answer to its end.
    Read,
    /// Gives the call up before it is answered.
    DropCall,
    /// Reads one frame, and drops the body.
    DropBody,
}

/// One exchange to run.
pub(crate) struct Scene {
    pub(crate) request: Request<()>,
    pub(crate) answer: Box<dyn Fn() -> Answer>,
    pub(crate) drive: Drive,
}

/// What is expected of a span.
pub(crate) struct Told<'a> {
    /// The name by the conventions, and the prefixed one.
    pub(crate) names: [&'a str; 2],
    /// `route status grpc-status error.type ending verdict`.
    pub(crate) server: &'a str,
    pub(crate) client: &'a str,
}

/// What one run left behind.
pub(crate) struct Left {
    pub(crate) rig: Rig,
    pub(crate) server: SpanData,
    pub(crate) client: SpanData,
}

impl Scene {
    pub(crate) fn http(method: Method, path: &str, answer: impl Fn() -> Answer + 'static) -> Self {
        Self::new(method, path, None, answer)
    }

    pub(crate) fn grpc(protocol: Protocol, method: &str, answer: impl Fn() -> Answer + 'static) -> Self {
        Self::new(Method::POST, &format!("/{method}"), Some(content_type(protocol)), answer)
    }

    fn new(
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        answer: impl Fn() -> Answer + 'static,
    ) -> Self {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://shop.example:8080{path}"))
            .header(header::USER_AGENT, "curl/8.9")
            .extension(PeerAddr(([192, 0, 2, 1], 4711).into()));
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        Self { request: request.body(()).unwrap(), answer: Box::new(answer), drive: Drive::Read }
    }

    /// With a route that the client knows as well; a server finds its own in its table.
    pub(crate) fn of_route(mut self, route: Route) -> Self {
        self.request.extensions_mut().insert(route);
        self
    }

    pub(crate) fn driven(self, drive: Drive) -> Self {
        Self { drive, ..self }
    }

    /// Runs the scene in both profiles of names, and compares all that is told of it.
    pub(crate) fn check(&self, told: &Told<'_>) {
        for (naming, name) in [SpanNaming::Semconv, SpanNaming::Prefixed].into_iter().zip(told.names) {
            let left = self.run(|builder| builder.with_span_naming(naming));
            for (side, span, expected) in
                [("server", &left.server, told.server), ("client", &left.client, told.client)]
            {
                assert_eq!(span.name, name, "the {side}'s name");
                assert_eq!(sentence(&of_span(span)), expected, "the {side}'s span");
                let line = left.rig.line_of(side);
                assert_eq!(sentence(&of_line(&line)), expected, "the {side}'s access line");
                let metrics = of_metrics(&left.rig.snapshot(), side);
                assert_eq!(sentence(&metrics), expected, "the {side}'s metrics");
                assert_same_length(span, &line);
                let is_error = expected.split(' ').nth(3) != Some("-");
                let status = if is_error { Status::error("") } else { Status::Unset };
                assert_eq!(span.status, status, "the {side}'s status: {expected}");
                crate::required::check(side, span);
            }
        }
    }

    /// Runs the scene.
    pub(crate) fn run(&self, change: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> Left {
        let rig = Rig::of(change);
        let server = rig
            .telemetry
            .http_server()
            .with_routes(RouteTable::new(["/users/{id}"]).unwrap())
            .with_grpc_methods(["user.v1.UserService/GetUser"]);
        let is_grpc = self.request.headers().contains_key(header::CONTENT_TYPE);
        let client = match is_grpc {
            true => rig.telemetry.grpc_client(Authority::of_target("dns:///shop.example:8080")),
            false => rig.telemetry.http_client(),
        };
        // A panic of the script goes through all layers, as it would through a server's.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let scripted = Scripted::new([(self.answer)()]);
            let mut service = client.layer(server.layer(scripted));
            let mut call = Box::pin(call(&mut service, self.request.clone()));
            if self.drive == Drive::DropCall {
                assert!(poll_once(call.as_mut()).is_pending());
                return;
            }
            let Ok(response) = run(call).expect("an answer") else { return };
            match self.drive {
                Drive::DropBody => read_one_frame(response),
                _ => drop(read_body(pin!(response.into_body()))),
            }
        }));
        drop(outcome);
        let [server, client] = [SpanKind::Server, SpanKind::Client].map(|kind| rig.span_of(&kind));
        Left { rig, server, client }
    }
}

/// An answer with this status and body.
pub(crate) fn answer(status: u16, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.extensions_mut().insert(PeerAddr(([198, 51, 100, 7], 8080).into()));
    response
}

/// An answer of this protocol, with its status as a header if there is one.
pub(crate) fn rpc_answer(protocol: Protocol, status: Option<u16>, body: Body) -> Response<Body> {
    let mut response = answer(200, body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(protocol).parse().unwrap());
    if let Some(status) = status {
        headers.insert("grpc-status", status.into());
    }
    response
}

fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::GrpcWeb => "application/grpc-web+proto",
        _ => "application/grpc",
    }
}

fn read_one_frame<B: http_body::Body>(response: Response<B>) {
    let mut body = pin!(response.into_body());
    let _first = tower_telemetry_testing::poll_body(body.as_mut());
}

/// Span and line are told the same outcome; a line writes it in milliseconds.
fn assert_same_length(span: &SpanData, line: &Line) {
    let span = span.end_time.duration_since(span.start_time).unwrap().as_secs_f64() * 1e3;
    let line = line.get("duration_ms").and_then(serde_json::Value::as_f64).unwrap();
    assert!((span - line).abs() < 1e-3, "{span} ms and {line} ms");
}
