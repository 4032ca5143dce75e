//! Interceptors on both ends: no layer anywhere.

use opentelemetry::trace::SpanKind;
use tonic::{Request, Response, Status, Streaming};
use tower_telemetry::Continuation;
use tower_telemetry::trace::interceptor::{ExtractContext, InjectContext};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::{Echo, EchoServer};
use tower_telemetry_tests::{Server, grpc, soon};
use tracing::info;

use crate::house::house;
use crate::service::{Door, handler, order, traced};

/// Goes on with its caller's context by itself.
struct ByHand;

#[tonic::async_trait]
impl Echo for ByHand {
    type CountStream = Streaming<Line>;
    type ChatStream = Streaming<Line>;

    async fn say(&self, request: Request<Line>) -> Result<Response<Line>, Status> {
        let caller = Continuation::of(request.extensions());
        let span = caller.within(|| house().work().of_kind(SpanKind::Server).continue_as("by hand"));
        span.run(async {
            info!("inside by hand");
            traced("deeper", async {}).await;
            Ok(Response::new(request.into_inner()))
        })
        .await
    }

    async fn count(&self, _: Request<Line>) -> Result<Response<Self::CountStream>, Status> {
        Err(Status::unimplemented("it is said"))
    }

    async fn chat(&self, _: Request<Streaming<Line>>) -> Result<Response<Self::ChatStream>, Status> {
        Err(Status::unimplemented("it is said"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interceptors_on_both_ends_keep_one_trace_and_the_request_id() {
    let service = EchoServer::with_interceptor(ByHand, ExtractContext::new());
    let server = Server::tonic(|incoming| {
        tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming)
    })
    .await;
    let client = EchoClient::with_interceptor(grpc(&server), InjectContext::new());
    let call = handler(move || {
        let mut client = client.clone();
        let span = house().work().of_kind(SpanKind::Client).continue_as("call");
        span.run(async move {
            soon(client.say(Line { text: "hello".into(), number: 0 })).await.unwrap();
        })
    });
    let caller = order(Door::Http, call).await;
    let trace = house().trace(&caller, 4).await;
    assert_eq!(trace.paths(), ["server[get /order] > client[call] > server[by hand] > deeper"]);
    let by_hand = trace.named("by hand");
    assert!(by_hand.parent_span_is_remote);
    let [line] = &house().lines(&caller, "inside by hand")[..] else { panic!("there is one") };
    let (span_id, request_id) = (by_hand.span_context.span_id().to_string(), format!("r-{}", caller.span_id));
    assert_eq!(line.ids()[1..], [Some(&*span_id), Some(&*request_id)]);
}
