//! A service that takes an order over HTTP or gRPC, and calls somebody for it.

use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::routing::get;
use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer, TracerProvider};
use tonic::{Request, Response, Status, Streaming};
use tower_telemetry::TraceIds;
use tower_telemetry::core::trace_ids::TraceFlags;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::{Echo, EchoServer};
use tower_telemetry_tests::{Caller, Server, grpc, soon};
use tracing::{Instrument, info, info_span};

use crate::house::house;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a handler does: given anew to each request.
pub(crate) type Handler = std::sync::Arc<dyn Fn() -> Work + Send + Sync>;

/// What takes the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Http,
    Grpc,
}

impl Door {
    /// The span of the edge.
    pub(crate) fn span(self) -> &'static str {
        match self {
            Self::Http => "server[get /order]",
            Self::Grpc => "server[compose.v1.echo/say]",
        }
    }
}

pub(crate) fn handler<F>(work: impl Fn() -> F + Send + Sync + 'static) -> Handler
where
    F: Future<Output = ()> + Send + 'static,
{
    std::sync::Arc::new(move || Box::pin(work()))
}

/// Sends one request through this door, as a caller of a trace of its own.
pub(crate) async fn order(door: Door, handler: Handler) -> TraceIds {
    let telemetry = &house().telemetry;
    let caller = TraceIds::random(TraceFlags::SAMPLED);
    let (traceparent, id) = (caller.to_string(), format!("r-{}", caller.span_id));
    match door {
        Door::Http => {
            let app = Router::new().route("/order", get(move || handler())).layer(telemetry.http_server());
            let server = Server::axum(app).await;
            let headers = [("traceparent", &*traceparent), ("x-request-id", &*id)];
            let answer = Caller::of(&server).get_with("/order", &headers).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("x-request-id"), Some(&*id));
        }
        Door::Grpc => {
            let server = tonic::transport::Server::builder().layer(telemetry.grpc_server());
            let service = EchoServer::new(Orders(handler));
            let server =
                Server::tonic(|incoming| { server }.add_service(service).serve_with_incoming(incoming)).await;
            let mut request = Request::new(Line { text: String::new(), number: 0 });
            request.metadata_mut().insert("traceparent", traceparent.parse().unwrap());
            request.metadata_mut().insert("x-request-id", id.parse().unwrap());
            soon(EchoClient::new(grpc(&server)).say(request)).await.unwrap();
        }
    }
    caller
}

/// This work within a span of `tracing`.
pub(crate) async fn traced(name: &'static str, work: impl Future<Output = ()>) {
    let span = info_span!("traced", otel.name = name);
    async {
        info!("inside a span");
        work.await;
    }
    .instrument(span)
    .await;
}

/// This work within a span of OpenTelemetry.
pub(crate) async fn direct(name: &'static str, work: impl Future<Output = ()>) {
    let span = house().telemetry.tracer_provider().tracer("direct").start(name);
    let context = Context::current_with_span(span);
    work.with_context(context.clone()).await;
    context.span().end();
}

struct Orders(Handler);

#[tonic::async_trait]
impl Echo for Orders {
    type CountStream = Streaming<Line>;
    type ChatStream = Streaming<Line>;

    async fn say(&self, request: Request<Line>) -> Result<Response<Line>, Status> {
        (self.0)().await;
        Ok(Response::new(request.into_inner()))
    }

    async fn count(&self, _: Request<Line>) -> Result<Response<Self::CountStream>, Status> {
        Err(Status::unimplemented("orders are said"))
    }

    async fn chat(&self, _: Request<Streaming<Line>>) -> Result<Response<Self::ChatStream>, Status> {
        Err(Status::unimplemented("orders are said"))
    }
}
