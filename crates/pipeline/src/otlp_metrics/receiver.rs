//! A collector within the test: it answers as told and keeps what it took.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use http_body_util::{BodyExt, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Told;
use prost::Message;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Code, Status};
use tower_telemetry_metrics::{Snapshot, Value};

use super::endpoint::Protocol;

/// One answer. Without any left, all is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// `UNAVAILABLE`, or 503.
    Unavailable,
    /// `INVALID_ARGUMENT`, or 400.
    Invalid,
    /// Taken, but for so many points.
    Partial(i64),
}

#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) addr: SocketAddr,
    taken: UnboundedReceiver<Taken>,
}

/// What was sent, whatever it was answered.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) request: ExportMetricsServiceRequest,
    pub(crate) headers: HeaderMap,
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
                let server = tonic::transport::Server::builder().add_service(MetricsServiceServer::new(book));
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

impl Book {
    fn note(&self, request: ExportMetricsServiceRequest, headers: HeaderMap) -> Option<Answer> {
        let _ = self.taken.send(Taken { request, headers });
        self.answers.lock().unwrap().pop_front()
    }
}

#[tonic::async_trait]
impl MetricsService for Book {
    async fn export(
        &self,
        request: tonic::Request<ExportMetricsServiceRequest>,
    ) -> Result<tonic::Response<ExportMetricsServiceResponse>, Status> {
        let headers = request.metadata().clone().into_headers();
        match self.note(request.into_inner(), headers) {
            Some(Answer::Unavailable) => Err(Status::new(Code::Unavailable, "later")),
            Some(Answer::Invalid) => Err(Status::new(Code::InvalidArgument, "never")),
            other => Ok(tonic::Response::new(taken(other))),
        }
    }
}

async fn http_answer(
    request: http::Request<hyper::body::Incoming>,
    book: Book,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    assert_eq!((head.method, head.uri.path()), (Method::POST, "/v1/metrics"));
    let body = body.collect().await.unwrap().to_bytes();
    let (status, body) = match book.note(Message::decode(body).unwrap(), head.headers) {
        Some(Answer::Unavailable) => (503, Vec::new()),
        Some(Answer::Invalid) => (400, Vec::new()),
        other => (200, taken(other).encode_to_vec()),
    };
    Ok(Response::builder().status(status).body(Full::from(body)).unwrap())
}

fn taken(answer: Option<Answer>) -> ExportMetricsServiceResponse {
    let partial_success = answer.map(|answer| ExportMetricsPartialSuccess {
        rejected_data_points: if let Answer::Partial(points) = answer { points } else { 0 },
        error_message: "too old".into(),
    });
    ExportMetricsServiceResponse { partial_success }
}

/// Every number of a request, by the series and the part of it.
pub(crate) fn numbers_of(request: &ExportMetricsServiceRequest) -> BTreeMap<String, f64> {
    let mut numbers = BTreeMap::new();
    for metric in metrics_of(request) {
        let name = |attributes: &[KeyValue]| format!("{}{{{}}}", metric.name, attributes_of(attributes));
        match metric.data.as_ref().unwrap() {
            Data::Gauge(opentelemetry_proto::tonic::metrics::v1::Gauge { data_points })
            | Data::Sum(opentelemetry_proto::tonic::metrics::v1::Sum { data_points, .. }) => {
                for point in data_points {
                    let number = match point.value.unwrap() {
                        Told::AsInt(integer) => integer as f64,
                        Told::AsDouble(number) => number,
                    };
                    numbers.insert(name(&point.attributes), number);
                }
            }
            Data::Histogram(histogram) => {
                for point in &histogram.data_points {
                    let name = name(&point.attributes);
                    numbers.insert(format!("{name} count"), point.count as f64);
                    numbers.insert(format!("{name} sum"), point.sum.unwrap());
                    let bounds = point.explicit_bounds.iter().copied().chain([f64::INFINITY]);
                    for (bound, count) in bounds.zip(&point.bucket_counts) {
                        numbers.insert(format!("{name} le {bound}"), *count as f64);
                    }
                }
            }
            Data::ExponentialHistogram(histogram) => {
                for point in &histogram.data_points {
                    let name = name(&point.attributes);
                    numbers.insert(format!("{name} count"), point.count as f64);
                    numbers.insert(format!("{name} sum"), point.sum.unwrap());
                    numbers.insert(format!("{name} zero"), point.zero_count as f64);
                    let positive = point.positive.as_ref().unwrap();
                    for (index, count) in (positive.offset..).zip(&positive.bucket_counts) {
                        let (scale, count) = (point.scale, *count as f64);
                        numbers.insert(format!("{name} scale {scale} index {index}"), count);
                    }
                }
            }
            Data::Summary(_) => panic!("no summary is ever made"),
        }
    }
    numbers
}

/// The same of a snapshot, with explicit buckets.
pub(crate) fn numbers_in(snapshot: &Snapshot) -> BTreeMap<String, f64> {
    let mut numbers = BTreeMap::new();
    for family in snapshot.families() {
        for series in family.series() {
            let labels = series.labels().iter();
            let labels: String = labels
                .map(|label| label.value().with_str(|value| format!("{}={value},", label.name())))
                .collect();
            let name = format!("{}{{{labels}}}", family.descriptor().name());
            match series.value() {
                Value::Counter(number) | Value::Gauge(number) => {
                    numbers.insert(name, number.as_f64());
                }
                Value::Histogram(histogram) => {
                    numbers.insert(format!("{name} count"), histogram.count() as f64);
                    numbers.insert(format!("{name} sum"), histogram.sum());
                    let bounds = histogram.bounds().iter().copied().chain([f64::INFINITY]);
                    for (bound, count) in bounds.zip(histogram.buckets()) {
                        numbers.insert(format!("{name} le {bound}"), *count as f64);
                    }
                }
                _ => panic!("a value of a new kind"),
            }
        }
    }
    numbers
}

pub(crate) fn metrics_of(request: &ExportMetricsServiceRequest) -> impl Iterator<Item = &Metric> {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    scopes.flat_map(|scope| &scope.metrics)
}

fn attributes_of(attributes: &[KeyValue]) -> String {
    let one = |attribute: &KeyValue| {
        let value = match attribute.value.as_ref().unwrap().value.as_ref().unwrap() {
            Any::StringValue(text) => text.clone(),
            Any::IntValue(integer) => integer.to_string(),
            other => format!("{other:?}"),
        };
        format!("{}={value},", attribute.key)
    };
    attributes.iter().map(one).collect()
}
