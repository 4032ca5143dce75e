//! A server and its client, observed through the same four windows and compared.

use std::convert::Infallible;
use std::io;
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::{HeaderMap, Method, StatusCode, header};
use hyper_util::rt::TokioIo;
use opentelemetry::trace::SpanKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::transport::Channel;
use tower::{Layer, Service, ServiceExt};
use tower_telemetry::{Observe, ObserveLayer, Route, SignalExt, Windows, around};
use tower_telemetry_testing::{ExchangeKey, Ledger, Sentence, Source};
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{
    Caller, Echo, PlainClient, Rig, Server, grpc, of_line, of_metrics, of_span, request, sentence,
};

/// The four windows, and the outcome itself beside them.
pub(crate) type Observed = (Windows, Ledger);

pub(crate) type Answered = http::Response<
    tower_telemetry::ResponseBody<hyper::body::Incoming, <Observed as tower_telemetry::Signal>::Observer>,
>;

pub(crate) struct Stage {
    pub(crate) rig: Rig,
    pub(crate) server: Server,
    ledger: Ledger,
    echoed: Mutex<Option<String>>,
}

impl Stage {
    pub(crate) async fn http() -> Self {
        Self::new(async |layer| Server::hyper(around(app(), layer)).await).await
    }

    pub(crate) async fn grpc() -> Self {
        Self::new(async |layer| {
            let methods = ["compose.v1.Echo/Say", "compose.v1.Echo/Count"];
            let server = tonic::transport::Server::builder().layer(layer.clone().with_grpc_methods(methods));
            Server::tonic(|incoming| {
                { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming)
            })
            .await
        })
        .await
    }

    async fn new(serve: impl AsyncFnOnce(&ObserveLayer<Observed>) -> Server) -> Self {
        let rig = Rig::new();
        let ledger = Ledger::new(16).expecting([Source::Outcome, Source::Span, Source::Log, Source::Metrics]);
        let server = serve(&(rig.telemetry.windows(), ledger.clone()).server()).await;
        Self { rig, server, ledger, echoed: Mutex::default() }
    }

    pub(crate) fn client(&self) -> Observe<PlainClient, Observed> {
        self.client_layer().layer(Caller::http1())
    }

    pub(crate) fn echo(&self) -> EchoClient<Observe<Channel, Observed>> {
        EchoClient::new(self.client_layer().layer(grpc(&self.server)))
    }

    /// Sends a request whose route the client knows, and notes the request id of the response.
    pub(crate) async fn send(&self, method: Method, template: &'static str) -> Answered {
        let response = self.request(method, template).await.expect("a response");
        self.note_header(response.headers());
        response
    }

    /// Sends a request whose route the client knows.
    pub(crate) fn request(
        &self,
        method: Method,
        template: &'static str,
    ) -> impl Future<Output = Result<Answered, hyper_util::client::legacy::Error>> + 'static {
        let url = self.server.url(&template.replace("{id}", "7"));
        let mut request = request(method, &url, &[]);
        request.extensions_mut().insert(Route::template(template));
        if template == "/upgrade" {
            request.headers_mut().insert(header::CONNECTION, "upgrade".parse().unwrap());
            request.headers_mut().insert(header::UPGRADE, "echo".parse().unwrap());
        }
        let mut client = self.client();
        async move { client.ready().await?.call(request).await }
    }

    pub(crate) fn note_header(&self, headers: &HeaderMap) {
        let id = headers.get("x-request-id").expect("a response has the id of its request");
        *self.echoed.lock().unwrap() = Some(id.to_str().unwrap().to_owned());
    }

    /// Waits for the end of the one exchange, and compares what the windows of each side say of it.
    pub(crate) async fn agree(&self, server: &str, client: &str) {
        self.rig.until_ended("server", 1).await;
        self.rig.until_ended("client", 1).await;
        for (side, kind, expected) in
            [("server", SpanKind::Server, server), ("client", SpanKind::Client, client)]
        {
            let (line, span) = (self.rig.line_of(side), self.rig.span_of(&kind));
            assert_eq!(sentence(&of_line(&line)), expected, "the {side}");
            let context = &span.span_context;
            let of_span_ids =
                ExchangeKey::from_bytes(context.trace_id().to_bytes(), context.span_id().to_bytes()).unwrap();
            let [trace, span_id, _] = line.ids();
            let of_line_ids = ExchangeKey::from_hex(trace.unwrap(), span_id.unwrap()).unwrap();
            self.ledger.note(Source::Span, of_span_ids, of_span(&span));
            self.ledger.note(Source::Metrics, of_span_ids, of_metrics(&self.rig.snapshot(), side));
            if let Some(id) = self.echoed.lock().unwrap().as_deref() {
                let sentence = Sentence::new().request_id(Some(id));
                self.ledger.note(Source::Header, of_line_ids, sentence);
            }
            // The last to speak closes the exchange, and those who speak later would open another.
            self.ledger.note(Source::Log, of_line_ids, of_line(&line));
        }
        let summary = self.ledger.summary();
        assert_eq!(summary.disagreements, 0, "{summary}");
        assert_eq!((summary.complete, summary.open, summary.incomplete), (2, 0, 0), "{summary}");
        assert_eq!(summary.in_flight(), 0, "{summary}");
    }

    fn client_layer(&self) -> ObserveLayer<Observed> {
        (self.rig.telemetry.windows(), self.ledger.clone()).client()
    }
}

fn app() -> Router {
    Router::new()
        .route("/users/{id}", get(|| async { "a user" }))
        .route("/bad", get(|| async { StatusCode::BAD_REQUEST }))
        .route("/fail", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/unchanged", get(|| async { StatusCode::NOT_MODIFIED }))
        .route("/empty", get(|| async { StatusCode::NO_CONTENT }))
        .route("/panic", get(panics))
        .route("/wait", get(std::future::pending::<()>))
        .route("/broken", get(|| async { Body::from_stream(first().chain(stream::once(breaks()))) }))
        .route("/long", get(|| async { Body::from_stream(first().chain(stream::pending())) }))
        .route("/events", get(events))
        .route("/upgrade", get(upgrade))
}

async fn panics() {
    std::panic::resume_unwind(Box::new("as asked"))
}

fn first() -> stream::Iter<std::array::IntoIter<io::Result<Bytes>, 1>> {
    stream::iter([Ok(Bytes::from_static(b"data: first\n\n"))])
}

/// Breaks when what came before has left for the client.
async fn breaks() -> io::Result<Bytes> {
    tokio::task::yield_now().await;
    Err(io::ErrorKind::ConnectionReset.into())
}

async fn events() -> Response {
    let body = Body::from_stream(first().chain(stream::pending()));
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], body).into_response()
}

/// Leaves HTTP, and says back what it hears.
async fn upgrade(mut request: Request) -> Result<Response, Infallible> {
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut socket = TokioIo::new(upgraded.await.unwrap());
        let mut heard = [0; 5];
        socket.read_exact(&mut heard).await.unwrap();
        socket.write_all(&heard).await.unwrap();
    });
    let head = [(header::CONNECTION, "upgrade"), (header::UPGRADE, "echo")];
    Ok((StatusCode::SWITCHING_PROTOCOLS, head).into_response())
}
