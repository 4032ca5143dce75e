//! From the edge through spans of both kinds and a hand-over to a callee: one trace.

use std::sync::Arc;

use crate::callee::{By, Callee, Callees};
use crate::house::house;
use crate::service::{Door, direct, handler, order};
use crate::shift::{Shift, Way};

/// What `#[instrument]` makes of a function.
#[tracing::instrument(name = "order", skip_all)]
async fn take_order(shift: Shift, way: Way, callee: Callee) {
    direct("direct", shift.hand_over(way, callee)).await;
}

async fn every_way(door: Door, by: By) {
    let callees = Arc::new(Callees::new().await);
    let shift = Shift::new();
    for way in Way::ALL {
        let (shift, callee) = (shift.clone(), callees.by(by));
        let caller = order(door, handler(move || take_order(shift.clone(), way, callee.clone()))).await;

        let path = format!("{} > order > direct > job > {}", door.span(), Callee::spans(by));
        let spans = path.split(" > ").count();
        let shared = 3; // the edge, the instrumented and the direct span
        let trace = house().trace(&caller, shared + (spans - shared) * way.hands()).await;
        assert_eq!(trace.paths(), vec![path; way.hands()], "{way:?}");

        // Log lines tell the trace and the request of the edge, wherever the work went on, and the span they are in.
        let ids = |name| {
            trace.spans.iter().filter(move |span| span.name == name).map(|span| span.span_context.span_id())
        };
        let mut jobs: Vec<_> = ids("job").map(|id| id.to_string()).collect();
        let lines = house().lines(&caller, "inside the job");
        assert_eq!(lines.len(), way.hands());
        let request_id = format!("r-{}", caller.span_id);
        assert!(lines.iter().all(|line| line.ids()[2] == Some(&*request_id)), "{way:?}");
        let mut told: Vec<_> = lines.iter().filter_map(|line| line.ids()[1].map(str::to_owned)).collect();
        jobs.sort();
        told.sort();
        assert_eq!(told, jobs, "{way:?}");
        // The callee's lines have the same request id.
        if by != By::Http {
            let [line] = &house().lines(&caller, "inside the call")[..] else { continue };
            assert_eq!(line.ids()[2], Some(&*format!("r-{}", caller.span_id)), "{way:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_http_to_http() {
    every_way(Door::Http, By::Http).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_http_to_grpc() {
    every_way(Door::Http, By::Grpc).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_grpc_to_http() {
    every_way(Door::Grpc, By::Http).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_grpc_to_grpc() {
    every_way(Door::Grpc, By::Grpc).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_interceptor_in_place_of_the_client_layer() {
    every_way(Door::Http, By::Interceptor).await;
    every_way(Door::Grpc, By::Interceptor).await;
}

#[tokio::test]
async fn on_a_runtime_of_one_thread() {
    every_way(Door::Grpc, By::Grpc).await;
}
