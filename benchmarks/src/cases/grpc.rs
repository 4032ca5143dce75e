//! One unary call from a client to a service of tonic, in the process, without sockets.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response, uri::PathAndQuery};
use tonic::{GrpcMethod, Status, body::Body, client::GrpcService, server::UnaryService};
use tonic_prost::ProstCodec;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry::{Authority, core::SignalExt, metrics::Metrics};

use super::full::{full, trace};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    floor, measure,
};

/// Calls of a thorough run.
const TIMES: usize = 50_000;

const SAY: &str = "/bench.v1.Echo/Say";

/// What is said, and what is answered.
#[derive(Clone, PartialEq, prost::Message)]
struct Line {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(int64, tag = "2")]
    number: i64,
}

/// Answers what it is told, by the way of generated code.
#[derive(Debug, Clone)]
pub(crate) struct Echo;

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("grpc/bare", |effort| calls(Echo, effort)),
        case("grpc/floor-full-1", |effort| calls(floor::Full::default().layer(Echo), effort)),
        case("grpc/ours-metrics", |effort| calls(Metrics::new().server().layer(Echo), effort)),
        case("grpc/ours-trace-0", ours_trace).with_share(0.0),
        case("grpc/ours-trace-1", ours_trace),
        case("grpc/ours-trace-100", ours_trace).with_share(1.0),
        case("grpc/ours-full-0", ours_full).with_share(0.0),
        case("grpc/ours-full-1", ours_full),
        case("grpc/ours-full-100", ours_full).with_share(1.0),
        client("grpc-client/bare", |effort| calls(Echo, effort)),
        client("grpc-client/ours-metrics", |effort| calls(Metrics::new().client().layer(Echo), effort)),
        client("grpc-client/ours-full-1", |effort| {
            let target = Authority::of_target("users.internal:50051");
            calls(full()?.grpc_client(target).layer(Echo), effort)
        }),
    ]
}

/// A case of the server: beside the bare service.
pub(crate) fn case(name: &'static str, run: impl Fn(Effort) -> Result<Readings> + 'static) -> Case {
    Case::new(name, run).beside("grpc/bare")
}

/// A case of the client: beside the bare service, too.
pub(crate) fn client(name: &'static str, run: impl Fn(Effort) -> Result<Readings> + 'static) -> Case {
    Case::new(name, run).beside("grpc-client/bare")
}

fn ours_trace(effort: Effort) -> Result<Readings> {
    calls(trace()?.server().layer(Echo), effort)
}

fn ours_full(effort: Effort) -> Result<Readings> {
    calls(full()?.grpc_server().layer(Echo), effort)
}

/// What a unary call costs, its client included.
///
/// # Errors
///
/// A call was not answered as it should be.
pub(crate) fn calls<S>(service: S, effort: Effort) -> Result<Readings>
where
    S: GrpcService<Body>,
    <S::ResponseBody as http_body::Body>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::ResponseBody: http_body::Body<Data = tonic::codegen::Bytes> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut client = tonic::client::Grpc::new(service);
    let mut failed = 0;
    let readings = measure::each(effort.of(TIMES), |_| {
        let line = Line { text: "hello".to_owned(), number: 3 };
        runtime.block_on(async {
            let codec = ProstCodec::<Line, Line>::default();
            let _ = client.ready().await;
            let mut line = tonic::Request::new(line);
            // As generated code does.
            line.extensions_mut().insert(GrpcMethod::new("bench.v1.Echo", "Say"));
            let answer = client.unary(line, PathAndQuery::from_static(SAY), codec).await;
            failed += usize::from(answer.is_err());
            let _ = black_box(answer);
        });
    });
    if failed > 0 {
        return Err(format!("{failed} calls were not answered as they should be").into());
    }
    Ok(readings)
}

impl UnaryService<Line> for Echo {
    type Response = Line;
    type Future = Ready<std::result::Result<tonic::Response<Line>, Status>>;

    fn call(&mut self, request: tonic::Request<Line>) -> Self::Future {
        ready(Ok(tonic::Response::new(request.into_inner())))
    }
}

impl Service<Request<Body>> for Echo {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(async {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<Line, Line>::default());
            Ok(grpc.unary(Echo, request).await)
        })
    }
}
