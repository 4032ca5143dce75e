//! Work that is done later, in batches, or on the other side of a broker.

use std::sync::{Arc, Mutex};

use opentelemetry::trace::{SpanId, SpanKind};
use tower_telemetry::runtime::Pool;
use tower_telemetry::{Continuation, Traced, Workers};
use tower_telemetry_tests::attribute;
use tracing::info;

use crate::callee::{By, Callees};
use crate::house::house;
use crate::service::{Door, handler, order};

type Message = (u32, Vec<(String, String)>);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_a_broker_continues_its_producer_in_another_process() {
    let callees = Callees::new().await;
    let broker = Arc::<Mutex<Vec<Message>>>::default();
    let sending = Arc::clone(&broker);
    let caller = order(
        Door::Http,
        handler(move || {
            let sending = Arc::clone(&sending);
            let producer = house().work().of_kind(SpanKind::Producer).continue_as("send orders");
            producer.run(async move {
                let mut headers = Vec::new();
                Traced::new(17).to_headers(|name, value| headers.push((name.to_owned(), value.to_owned())));
                sending.lock().unwrap().push((17, headers));
            })
        }),
    )
    .await;

    let (order, headers) = broker.lock().unwrap().pop().unwrap();
    let message = Traced::from_headers(order, headers);
    let callee = callees.by(By::Http);
    message
        .run(|_| {
            house().work().of_kind(SpanKind::Consumer).continue_as("process orders").run(async {
                info!("inside the consumer");
                callee.call().await;
            })
        })
        .await;
    let trace = house().trace(&caller, 5).await;
    let path = "server[get /order] > producer[send orders] > consumer[process orders] > client[get] > server[get /stock]";
    assert_eq!(trace.paths(), [path]);
    // The request id goes through the broker and on to the callee, though there is no exchange in between.
    let request_id = format!("r-{}", caller.span_id);
    let callee = trace.spans.iter().find(|span| span.name == "GET /stock").unwrap();
    assert_eq!(attribute(callee, "tower_telemetry.request_id").as_deref(), Some(&*request_id));
    let [line] = &house().lines(&caller, "inside the consumer")[..] else { panic!("there is one") };
    let consumer = trace.named("process orders").span_context.span_id().to_string();
    assert_eq!(line.ids()[1..], [Some(&*consumer), Some(&*request_id)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn later_work_has_a_trace_of_its_own_with_a_link_to_the_request() {
    let callees = Callees::new().await;
    let callee = callees.by(By::Grpc);
    let pool = Pool::register(house().telemetry.store(), "later").unwrap();
    let workers = Workers::spawn(pool, 2, 8, move |_: u32| {
        let callee = callee.clone();
        let later = house().work().start_linked("bill", [Continuation::capture()]);
        later.run(async move {
            info!("inside the bill");
            callee.call().await;
        })
    });
    let submitting = workers.clone();
    let caller = order(
        Door::Grpc,
        handler(move || {
            let taken = submitting.submit(17);
            async move { taken.unwrap() }
        }),
    )
    .await;
    workers.shutdown().await;
    let request = house().trace(&caller, 1).await;
    let edge = &request.spans[0].span_context;

    let [bill] = &house().linked_to(&caller)[..] else { panic!("there is one") };
    assert_eq!((&*bill.name, bill.parent_span_id), ("bill", SpanId::INVALID));
    assert_eq!(bill.links[0].span_context.span_id(), edge.span_id());
    let own = tower_telemetry::TraceIds::parse(
        format!("00-{}-{}-01", bill.span_context.trace_id(), bill.span_context.span_id()).as_bytes(),
    )
    .unwrap();
    let trace = house().trace(&own, 3).await;
    assert_eq!(trace.paths(), ["bill > client[compose.v1.echo/say] > server[compose.v1.echo/say]"]);
    let [line] = &house().lines(&own, "inside the bill")[..] else { panic!("there is one") };
    assert_eq!(line.text("linked_trace_id"), Some(&*caller.trace_id.to_string()));
    assert_eq!(line.ids()[1..], [Some(&*own.span_id.to_string()), Some(&*format!("r-{}", caller.span_id))]);
    let [line] = &house().lines(&own, "inside the call")[..] else { panic!("there is one") };
    assert_eq!(line.ids()[2], Some(&*format!("r-{}", caller.span_id)), "the callee has the request id");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_panics_is_told_with_the_ids_of_its_request() {
    let pool = Pool::register(house().telemetry.store(), "falling").unwrap();
    let workers = Workers::spawn(pool, 1, 8, |_: u32| {
        let span = house().work().continue_as("fall");
        span.run(async { std::panic::resume_unwind(Box::new("as asked")) })
    });
    let submitting = workers.clone();
    let caller = order(
        Door::Http,
        handler(move || {
            let taken = submitting.submit(17);
            async move { taken.unwrap() }
        }),
    )
    .await;
    workers.shutdown().await;
    let trace = house().trace(&caller, 2).await;
    let fall = trace.named("fall");
    assert_eq!(attribute(fall, "error.type").as_deref(), Some("panic"));
    assert_eq!(attribute(fall, "tower_telemetry.ending").as_deref(), Some("panicked"));
    let [line] = &house().lines(&caller, "a job panicked")[..] else { panic!("there is one") };
    assert_eq!((line.text("level"), line.text("pool")), (Some("ERROR"), Some("falling")));
    assert_eq!(line.ids()[2], Some(&*format!("r-{}", caller.span_id)));
}
