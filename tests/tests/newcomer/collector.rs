//! A collector that keeps what it is sent, over HTTP or gRPC.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use http::StatusCode;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{LogsService, LogsServiceServer};
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use prost::Message;
use tower_telemetry_tests::Server;

/// What came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collector(Arc<Mutex<Taken>>);

#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) metrics: Vec<ExportMetricsServiceRequest>,
    pub(crate) traces: Vec<ExportTraceServiceRequest>,
    pub(crate) logs: Vec<ExportLogsServiceRequest>,
    /// How many requests are still to be refused.
    refusals: usize,
}

impl Collector {
    /// Listens for OTLP over HTTP.
    pub(crate) async fn over_http() -> (Self, Server) {
        let collector = Self::default();
        let take = axum::routing::post(take).with_state(collector.clone());
        (collector, Server::axum(Router::new().route("/v1/{signal}", take)).await)
    }

    /// Refuses what comes next.
    pub(crate) fn refuse_one(&self) {
        self.0.lock().unwrap().refusals += 1;
    }

    /// Listens for log records over gRPC.
    pub(crate) async fn over_grpc() -> (Self, Server) {
        let collector = Self::default();
        let service = LogsServiceServer::new(collector.clone());
        let server = tonic::transport::Server::builder().add_service(service);
        (collector, Server::tonic(|incoming| server.serve_with_incoming(incoming)).await)
    }

    pub(crate) fn taken(&self) -> Taken {
        self.0.lock().unwrap().clone()
    }
}

impl Taken {
    pub(crate) fn is_nothing(&self) -> bool {
        self.metrics.is_empty() && self.traces.is_empty() && self.logs.is_empty()
    }

    /// The log records with the names of their scopes.
    pub(crate) fn records(&self) -> Vec<(String, LogRecord)> {
        let resources = self.logs.iter().flat_map(|request| request.resource_logs.clone());
        let scopes = resources.flat_map(|resource| resource.scope_logs);
        let records = scopes.flat_map(|scope| {
            let name = scope.scope.unwrap().name;
            scope.log_records.into_iter().map(move |record| (name.clone(), record))
        });
        records.collect()
    }
}

async fn take(State(collector): State<Collector>, Path(signal): Path<String>, body: Bytes) -> StatusCode {
    let mut taken = collector.0.lock().unwrap();
    if taken.refusals > 0 {
        taken.refusals -= 1;
        return StatusCode::BAD_REQUEST;
    }
    match &*signal {
        "metrics" => taken.metrics.push(Message::decode(body).unwrap()),
        "traces" => taken.traces.push(Message::decode(body).unwrap()),
        "logs" => taken.logs.push(Message::decode(body).unwrap()),
        other => panic!("there is no signal {other}"),
    }
    StatusCode::OK
}

#[tonic::async_trait]
impl LogsService for Collector {
    async fn export(
        &self,
        request: tonic::Request<ExportLogsServiceRequest>,
    ) -> Result<tonic::Response<ExportLogsServiceResponse>, tonic::Status> {
        self.0.lock().unwrap().logs.push(request.into_inner());
        Ok(tonic::Response::new(ExportLogsServiceResponse::default()))
    }
}
