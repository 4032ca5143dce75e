//! A hundred that hang up and a hundred that break, over a real socket.

use axum::Router;
use axum::routing::get;
use http::Method;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, grpc, request, soon};

const MANY: u64 = 100;

const CONNECTIONS: u64 = 1_000;

async fn panics() {
    std::panic::resume_unwind(Box::new("as asked"))
}

fn app(rig: &Rig) -> Router {
    Router::new()
        .route("/wait", get(std::future::pending::<()>))
        .route("/panic", get(panics))
        .layer(rig.telemetry.http_server())
}

/// Every exchange of the storm ended so, has a span and a line, and none is in flight.
async fn all_told(rig: &Rig, ending: &str) {
    rig.until_ended("server", MANY).await;
    assert_eq!(rig.ended_as(&[("side", "server"), ("ending", ending)]), MANY);
    assert_eq!(rig.spans().len() as u64, MANY);
    let lines = rig.access("server");
    assert_eq!(lines.len() as u64, MANY);
    assert!(lines.iter().all(|line| line.text("ending") == Some(ending)));
}

/// axum lays the layers of a router anew for each connection: what a layer keeps must not grow by that.
#[tokio::test]
async fn a_thousand_connections_leave_no_more_series_than_one() {
    let rig = Rig::new();
    let app =
        Router::new().route("/users/{id}", get(|| async { "a user" })).layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    // The collectors of the runtime have values of their own.
    let all_series = || {
        let snapshot = rig.snapshot();
        let families =
            snapshot.families().iter().map(|family| (family.descriptor().name().to_owned(), family));
        let own = families.filter(|(name, _)| name.starts_with("http.") || name.contains(".exchanges."));
        own.map(|(name, family)| (name, family.series().len())).collect::<Vec<_>>()
    };
    assert_eq!(Caller::of(&server).get("/users/1").await.status, 200);
    rig.until_ended("server", 1).await;
    let after_one = all_series();
    for _ in 1..CONNECTIONS {
        // A caller of its own has a connection of its own.
        assert_eq!(Caller::of(&server).get("/users/1").await.status, 200);
    }
    rig.until_ended("server", CONNECTIONS).await;
    assert_eq!(all_series(), after_one);
    let users = [("http.route", "/users/{id}")];
    assert_eq!(rig.snapshot().total("http.server.request.duration", &users), CONNECTIONS as f64);
}

#[tokio::test]
async fn requests_that_are_cancelled_are_all_counted_as_dropped() {
    let rig = Rig::new();
    let server = Server::axum(app(&rig)).await;
    for caller in [Caller::of(&server), Caller::http2_of(&server)] {
        let begun = rig.begun("server");
        let half = MANY / 2;
        let calls: Vec<_> = (0..half)
            .map(|_| {
                let caller = caller.clone();
                tokio::spawn(async move { caller.send(request(Method::GET, "/wait", &[])).await })
            })
            .collect();
        rig.until_begun("server", begun + half).await;
        assert_eq!(rig.in_flight(), half as f64);
        calls.iter().for_each(tokio::task::JoinHandle::abort);
        rig.until_ended("server", begun + half).await;
    }
    all_told(&rig, "dropped").await;
}

#[tokio::test]
async fn requests_that_panic_are_all_counted_as_panicked() {
    let rig = Rig::new();
    let server = Server::axum(app(&rig)).await;
    for _ in 0..MANY {
        // Each takes its connection with it.
        Caller::of(&server)
            .send(request(Method::GET, "/panic", &[]))
            .await
            .map(drop)
            .expect_err("it is gone");
    }
    all_told(&rig, "panicked").await;
}

#[tokio::test]
async fn calls_that_are_cancelled_are_all_counted_as_dropped() {
    let rig = Rig::new();
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let client = EchoClient::new(grpc(&server));
    let calls: Vec<_> = (0..MANY)
        .map(|number| {
            let mut client = client.clone();
            let wait = Line { text: "wait".into(), number: 1 };
            // One half waits for its head, the other for more of its stream.
            tokio::spawn(async move {
                if number % 2 == 0 {
                    drop(client.say(wait).await);
                } else {
                    let mut lines = client.count(wait).await.unwrap().into_inner();
                    while lines.message().await.unwrap().is_some() {}
                }
            })
        })
        .collect();
    rig.until_begun("server", MANY).await;
    calls.iter().for_each(tokio::task::JoinHandle::abort);
    rig.until_ended("server", MANY).await;
    assert_eq!(rig.ended_as(&[("protocol", "grpc"), ("ending", "dropped"), ("verdict", "cancelled")]), MANY);
    let cancelled = [("rpc.status_code", "CANCELLED")];
    assert_eq!(rig.snapshot().total("rpc.server.call.duration", &cancelled), MANY as f64);
}

#[tokio::test]
async fn a_server_that_is_stopped_in_the_middle_counts_what_it_was_doing() {
    let rig = Rig::new();
    // A server of its own task alone: what is stopped is all that it did.
    let server = Server::hyper(app(&rig)).await;
    let caller = Caller::of(&server);
    let call = tokio::spawn(async move { caller.send(request(Method::GET, "/wait", &[])).await });
    rig.until_begun("server", 1).await;
    drop(server);
    soon(call).await.unwrap().map(drop).expect_err("nobody answers");
    rig.until_ended("server", 1).await;
    assert_eq!(rig.ended_as(&[("ending", "dropped")]), 1);
}
