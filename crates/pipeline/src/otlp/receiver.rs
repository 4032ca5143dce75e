//! A collector within the test: it answers as told and keeps what it took.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, Method, Response};
use http_body_util::{BodyExt, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{LogsService, LogsServiceServer};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Status};

use super::compression::Compression;
use super::endpoint::{Endpoint, Protocol};
use super::settings::Destination;
use super::signal::Signal;
use super::tls;
use crate::settings::Environment;

/// One answer. Without any left, all is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// `UNAVAILABLE`, or 503.
    Unavailable,
    /// `INVALID_ARGUMENT`, or 400.
    Invalid,
    /// Taken, but for so many points or spans.
    Partial(i64),
    /// None at all.
    Silence,
}

#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) addr: SocketAddr,
    taken: UnboundedReceiver<Taken>,
}

/// What was sent, whatever it was answered.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) signal: Signal,
    pub(crate) headers: HeaderMap,
    message: Vec<u8>,
}

#[derive(Clone)]
struct Book {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    taken: UnboundedSender<Taken>,
}

impl Receiver {
    pub(crate) async fn start(protocol: Protocol, answers: &[Answer]) -> Self {
        Self::at(protocol, ([127, 0, 0, 1], 0).into(), answers).await
    }

    pub(crate) async fn at(protocol: Protocol, addr: SocketAddr, answers: &[Answer]) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (sender, taken) = unbounded_channel();
        let book = Book { answers: Arc::new(Mutex::new(answers.iter().copied().collect())), taken: sender };
        match protocol {
            Protocol::Grpc => {
                let gzip = CompressionEncoding::Gzip;
                let server = tonic::transport::Server::builder()
                    .add_service(MetricsServiceServer::new(book.clone()).accept_compressed(gzip))
                    .add_service(LogsServiceServer::new(book.clone()).accept_compressed(gzip))
                    .add_service(TraceServiceServer::new(book).accept_compressed(gzip));
                tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
            }
            Protocol::HttpProtobuf => {
                tokio::spawn(async move {
                    loop {
                        let (stream, _) = listener.accept().await.unwrap();
                        let book = book.clone();
                        let answer = service_fn(move |request| http_answer(request, book.clone()));
                        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
                        tokio::spawn(connection);
                    }
                });
            }
        }
        Self { addr, taken }
    }

    pub(crate) async fn next(&mut self) -> Taken {
        self.taken.recv().await.unwrap()
    }

    /// What has come by now.
    pub(crate) fn waiting(&mut self) -> Option<Taken> {
        self.taken.try_recv().ok()
    }
}

/// A way to it.
pub(crate) fn destination(signal: Signal, protocol: Protocol, addr: SocketAddr) -> Destination {
    let path = if protocol == Protocol::HttpProtobuf { signal.http_path() } else { "" };
    let uri = format!("http://{addr}/{path}").parse().unwrap();
    let endpoint = Endpoint { protocol, uri };
    Destination {
        headers: HeaderMap::new(),
        timeout: Duration::from_secs(10),
        compression: Compression::None,
        tls: tls::of(Environment::of(|_| None), signal, &endpoint).unwrap(),
        endpoint,
    }
}

impl Taken {
    pub(crate) fn metrics(&self) -> ExportMetricsServiceRequest {
        assert_eq!(self.signal, Signal::Metrics);
        Message::decode(&*self.message).unwrap()
    }

    pub(crate) fn logs(&self) -> ExportLogsServiceRequest {
        assert_eq!(self.signal, Signal::Logs);
        Message::decode(&*self.message).unwrap()
    }

    pub(crate) fn traces(&self) -> ExportTraceServiceRequest {
        assert_eq!(self.signal, Signal::Traces);
        Message::decode(&*self.message).unwrap()
    }
}

impl Book {
    fn note(&self, signal: Signal, headers: HeaderMap, message: Vec<u8>) -> Option<Answer> {
        let _ = self.taken.send(Taken { signal, headers, message });
        self.answers.lock().unwrap().pop_front()
    }

    async fn grpc<T: Message, A>(
        &self,
        signal: Signal,
        request: tonic::Request<T>,
        taken: impl FnOnce(i64) -> A,
    ) -> Result<tonic::Response<A>, Status> {
        let headers = request.metadata().clone().into_headers();
        match self.note(signal, headers, request.into_inner().encode_to_vec()) {
            Some(Answer::Unavailable) => Err(Status::new(Code::Unavailable, "later")),
            Some(Answer::Invalid) => Err(Status::new(Code::InvalidArgument, "never")),
            Some(Answer::Silence) => std::future::pending().await,
            Some(Answer::Partial(refused)) => Ok(tonic::Response::new(taken(refused))),
            None => Ok(tonic::Response::new(taken(0))),
        }
    }
}

#[tonic::async_trait]
impl MetricsService for Book {
    async fn export(
        &self,
        request: tonic::Request<ExportMetricsServiceRequest>,
    ) -> Result<tonic::Response<ExportMetricsServiceResponse>, Status> {
        self.grpc(Signal::Metrics, request, metrics_taken).await
    }
}

#[tonic::async_trait]
impl TraceService for Book {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, Status> {
        self.grpc(Signal::Traces, request, spans_taken).await
    }
}

#[tonic::async_trait]
impl LogsService for Book {
    async fn export(
        &self,
        request: tonic::Request<ExportLogsServiceRequest>,
    ) -> Result<tonic::Response<ExportLogsServiceResponse>, Status> {
        self.grpc(Signal::Logs, request, records_taken).await
    }
}

async fn http_answer(
    request: http::Request<hyper::body::Incoming>,
    book: Book,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    assert_eq!(head.method, Method::POST);
    let signal = match head.uri.path() {
        "/v1/metrics" => Signal::Metrics,
        "/v1/traces" => Signal::Traces,
        "/v1/logs" => Signal::Logs,
        other => panic!("nothing is at {other}"),
    };
    let body = body.collect().await.unwrap().to_bytes();
    let message = match head.headers.get(CONTENT_ENCODING) {
        Some(coding) => {
            assert_eq!(coding, "gzip");
            let mut unpacked = Vec::new();
            GzDecoder::new(&*body).read_to_end(&mut unpacked).unwrap();
            unpacked
        }
        None => body.to_vec(),
    };
    let taken = |refused| match signal {
        Signal::Metrics => metrics_taken(refused).encode_to_vec(),
        Signal::Traces => spans_taken(refused).encode_to_vec(),
        Signal::Logs => records_taken(refused).encode_to_vec(),
    };
    let (status, body) = match book.note(signal, head.headers, message) {
        Some(Answer::Unavailable) => (503, Vec::new()),
        Some(Answer::Invalid) => (400, Vec::new()),
        Some(Answer::Silence) => std::future::pending().await,
        Some(Answer::Partial(refused)) => (200, taken(refused)),
        None => (200, taken(0)),
    };
    Ok(Response::builder().status(status).body(Full::from(body)).unwrap())
}

fn metrics_taken(rejected_data_points: i64) -> ExportMetricsServiceResponse {
    let partial_success =
        Some(ExportMetricsPartialSuccess { rejected_data_points, error_message: "too old".into() });
    ExportMetricsServiceResponse { partial_success }
}

fn spans_taken(rejected_spans: i64) -> ExportTraceServiceResponse {
    let partial_success =
        Some(ExportTracePartialSuccess { rejected_spans, error_message: "too long".into() });
    ExportTraceServiceResponse { partial_success }
}

fn records_taken(rejected_log_records: i64) -> ExportLogsServiceResponse {
    let partial_success =
        Some(ExportLogsPartialSuccess { rejected_log_records, error_message: "too loud".into() });
    ExportLogsServiceResponse { partial_success }
}
