//! Spawns that cannot be changed, with a carrier span.

use axum::Router;
use axum::routing::get;
use tower_telemetry::TraceIds;
use tower_telemetry::core::trace_ids::TraceFlags;
use tower_telemetry::trace::carrier::Carrier;
use tower_telemetry_tests::{Caller, Server};
use tracing::{Instrument, Span, info, info_span};

use crate::callee::{By, Callee, Callees};
use crate::house::house;
use crate::service::direct;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_are_spawned_in_a_span_belong_to_the_exchange() {
    let callees = Callees::new().await;
    let callee = callees.by(By::Http);
    let work = async move || {
        let [one, two, three] = [(); 3].map(|()| callee.clone());
        let work = async move {
            info!("inside a task");
            one.call().await;
        };
        tokio::spawn(work.in_current_span()).await.unwrap();
        let work = async move {
            info!("inside a task");
            direct("direct", two.call()).await;
        };
        tokio::spawn(work.instrument(info_span!("named"))).await.unwrap();
        let (span, runtime) = (Span::current(), tokio::runtime::Handle::current());
        tokio::task::spawn_blocking(move || {
            span.in_scope(|| {
                info!("inside a task");
                runtime.block_on(three.call());
            });
        })
        .await
        .unwrap();
    };
    let layer = house().telemetry.http_server().map_signal(|windows| (windows, Carrier::new()));
    let server = Server::axum(Router::new().route("/order", get(work)).layer(layer)).await;
    let caller = TraceIds::random(TraceFlags::SAMPLED);
    let headers = [("traceparent", &*caller.to_string()), ("x-request-id", "carried")];
    Caller::of(&server).get_with("/order", &headers).await;

    let call = Callee::spans(By::Http);
    let mut expected =
        ["", "named > direct > ", ""].map(|inside| format!("server[get /order] > {inside}{call}"));
    expected.sort();
    assert_eq!(house().trace(&caller, 1 + 2 + 6).await.paths(), expected);
    let lines = house().lines(&caller, "inside a task");
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.ids()[2] == Some("carried")));
}
