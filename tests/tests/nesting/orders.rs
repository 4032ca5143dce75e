//! Spans of `tracing` within spans of OpenTelemetry, and the other way round.

use crate::callee::{By, Callee, Callees};
use crate::house::house;
use crate::service::{Door, direct, handler, order, traced};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_of_both_kinds_nest_in_any_order() {
    let callees = Callees::new().await;
    for door in [Door::Http, Door::Grpc] {
        for by in [By::Http, By::Grpc, By::Interceptor] {
            let callee = callees.by(by);
            let work = handler(move || {
                let [one, two, three, four] = [(); 4].map(|()| callee.clone());
                async {
                    traced("a", one.call()).await;
                    direct("b", two.call()).await;
                    traced("c", direct("d", traced("e", three.call()))).await;
                    direct("f", traced("g", direct("h", four.call()))).await;
                }
            });
            let caller = order(door, work).await;
            let expected = ["a", "b", "c > d > e", "f > g > h"]
                .map(|inside| format!("{} > {inside} > {}", door.span(), Callee::spans(by)));
            let calls = 4 * Callee::spans(by).split(" > ").count();
            let trace = house().trace(&caller, 1 + 8 + calls).await;
            assert_eq!(trace.paths(), expected, "{door:?} {by:?}");
            assert_eq!(house().lines(&caller, "inside a span").len(), 4);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_of_both_kinds_nest_across_tasks() {
    let work = handler(|| async {
        traced("a", async {
            let there = tower_telemetry::spawn(direct("b", async {
                tower_telemetry::spawn(traced("c", async {})).await.unwrap();
            }));
            there.await.unwrap();
        })
        .await;
        direct("d", async {
            tower_telemetry::spawn(traced("e", async {
                tower_telemetry::spawn(direct("f", async {})).await.unwrap();
            }))
            .await
            .unwrap();
        })
        .await;
    });
    let caller = order(Door::Http, work).await;
    let trace = house().trace(&caller, 7).await;
    assert_eq!(trace.paths(), ["server[get /order] > a > b > c", "server[get /order] > d > e > f"]);
}
