//! Ten thousand requests at once, interleaved on several threads: none sees anything of another.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use http::{Method, Request, Response};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tokio::sync::Barrier;
use tokio::task::{JoinSet, yield_now};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry::core::Scope;
use tower_telemetry::core::trace_ids::TraceFlags;
use tower_telemetry::runtime::Pool;
use tower_telemetry::{TraceIds, Traced, Workers};
use tower_telemetry_tests::{answer, request, soon};
use tracing::{Instrument, info_span};

use crate::house::house;

const REQUESTS: usize = 10_000;

/// Who a request is, and how often that was asked.
#[derive(Debug, Clone)]
struct Own {
    trace: String,
    id: String,
    asked: Arc<AtomicU64>,
}

impl Own {
    /// What is current is mine.
    #[track_caller]
    fn assert(&self) {
        let scope = Scope::current();
        let told = scope.trace().map(|ids| ids.trace_id.to_string());
        let context = Context::current().span().span_context().trace_id().to_string();
        let id = scope.request_id().map(ToString::to_string);
        assert_eq!(
            (told.as_deref(), &*context, id.as_deref()),
            (Some(&*self.trace), &*self.trace, Some(&*self.id))
        );
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    async fn work(self) {
        for _ in 0..4 {
            self.assert();
            yield_now().await;
        }
        self.assert();
    }
}

/// What is current where nobody's work is done.
fn assert_nobody() {
    assert!(Scope::current().is_nobody());
    assert!(!Context::current().span().span_context().is_valid());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_sees_anything_of_its_neighbours() {
    let asked = Arc::new(AtomicU64::new(0));
    let pool = Pool::register(house().telemetry.store(), "neighbours").unwrap();
    let workers = Workers::spawn(pool, 4, REQUESTS, Own::work);
    let layer = house().telemetry.http_server();
    // All are under way before any is done.
    let begun = Arc::new(Barrier::new(REQUESTS));
    let mut requests = JoinSet::new();
    for number in 0..REQUESTS {
        // Unsampled, so that nothing is exported; the ids are there all the same.
        let ids = TraceIds::random(TraceFlags::NONE);
        let own =
            Own { trace: ids.trace_id.to_string(), id: format!("r{number}"), asked: Arc::clone(&asked) };
        let (workers, begun, layer) = (workers.clone(), Arc::clone(&begun), layer.clone());
        requests.spawn(async move {
            let headers = [("traceparent", &*ids.to_string()), ("x-request-id", &*own.id.clone())];
            let request = request(Method::GET, "/", &headers);
            let service = service_fn(move |_: Request<Body>| {
                let (own, workers, begun) = (own.clone(), workers.clone(), Arc::clone(&begun));
                async move {
                    own.assert();
                    soon(begun.wait()).await;
                    own.assert();
                    workers.submit(own.clone()).unwrap();
                    let task = tower_telemetry::spawn(own.clone().work());
                    let later = Traced::new(own.clone());
                    own.clone().work().instrument(info_span!("own")).await;
                    let bare = tokio::spawn(async move {
                        assert_nobody();
                        later.run(Own::work).await;
                        assert_nobody();
                    });
                    let (task, bare) = tokio::join!(task, bare);
                    task.unwrap();
                    bare.unwrap();
                    own.assert();
                    Ok::<_, Infallible>(Response::new(Body::from("done")))
                }
            });
            let response = layer.layer(service).oneshot(request).await.unwrap();
            assert_nobody();
            assert_eq!(answer(response).await.body, "done");
            assert_nobody();
        });
    }
    while let Some(request) = requests.join_next().await {
        request.unwrap();
    }
    workers.shutdown().await;
    // Three at the ends, and five in each of the four pieces of work.
    assert_eq!(asked.load(Ordering::Relaxed), REQUESTS as u64 * (3 + 4 * 5));
    for _ in 0..64 {
        tokio::spawn(async { assert_nobody() }).await.unwrap();
    }
}
