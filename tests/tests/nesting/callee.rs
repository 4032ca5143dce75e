//! Who is called at the end of a chain, and by which client.

use axum::Router;
use axum::routing::get;
use http::Method;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tower::{Layer, ServiceExt};
use tower_telemetry::trace::interceptor::InjectContext;
use tower_telemetry::{Authority, Observe, Windows};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, PlainClient, Server, answer, grpc, request, soon};

use crate::house::house;

/// How a callee is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Http,
    Grpc,
    /// Over gRPC, with the interceptor in place of the client layer.
    Interceptor,
}

/// The servers that are called.
pub(crate) struct Callees {
    http: Server,
    grpc: Server,
}

/// One that is called.
#[derive(Clone)]
pub(crate) enum Callee {
    Http(Observe<PlainClient, Windows>, String),
    Grpc(EchoClient<Observe<Channel, Windows>>),
    Interceptor(EchoClient<InterceptedService<Channel, InjectContext>>),
}

impl Callees {
    pub(crate) async fn new() -> Self {
        let telemetry = &house().telemetry;
        let app = Router::new().route("/stock", get(|| async { "7" })).layer(telemetry.http_server());
        let server = tonic::transport::Server::builder().layer(telemetry.grpc_server());
        let serve = |incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming);
        Self { http: Server::axum(app).await, grpc: Server::tonic(serve).await }
    }

    pub(crate) fn by(&self, by: By) -> Callee {
        let telemetry = &house().telemetry;
        match by {
            By::Http => Callee::Http(telemetry.http_client().layer(Caller::http1()), self.http.url("/stock")),
            By::Grpc => {
                let layer = telemetry.grpc_client(Authority::new("127.0.0.1", self.grpc.addr.port()));
                Callee::Grpc(EchoClient::new(layer.layer(grpc(&self.grpc))))
            }
            By::Interceptor => {
                Callee::Interceptor(EchoClient::with_interceptor(grpc(&self.grpc), InjectContext::new()))
            }
        }
    }
}

impl Callee {
    pub(crate) async fn call(self) {
        let line = Line { text: "hello".into(), number: 0 };
        match self {
            Self::Http(client, url) => {
                let response = soon(client.oneshot(request(Method::GET, &url, &[]))).await.unwrap();
                assert_eq!(answer(response).await.body, "7");
            }
            Self::Grpc(mut client) => drop(soon(client.say(line)).await.unwrap()),
            Self::Interceptor(mut client) => drop(soon(client.say(line)).await.unwrap()),
        }
    }

    /// The spans of the call, from the caller's to the callee's.
    pub(crate) fn spans(by: By) -> &'static str {
        match by {
            By::Http => "client[get] > server[get /stock]",
            By::Grpc => "client[compose.v1.echo/say] > server[compose.v1.echo/say]",
            By::Interceptor => "server[compose.v1.echo/say]",
        }
    }
}
