//! Through the front door, over a socket.

use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{RequestId, Scope, TraceIds, Work};
use tracing::{debug, error, info, warn};
use tracing_subscriber::prelude::*;

use super::rig::Folder;
use crate::loki::receiver::Receiver;
use crate::settings::Environment;
use crate::{InitError, Loki, Telemetry, TelemetryBuilder};

/// An empty one.
const ENVIRONMENT: Environment = Environment::of(|_| None);

fn builder(loki: &Receiver) -> (TelemetryBuilder, Loki) {
    let builder =
        Telemetry::builder("shop").without_admin().without_subscriber().with_log_writer(std::io::sink);
    (builder, Loki::to(format!("http://{}", loki.listen())))
}

fn subscriber(telemetry: &Telemetry) -> tracing::Dispatch {
    tracing_subscriber::registry().with(telemetry.log_layer()).into()
}

#[tokio::test]
async fn a_line_arrives_with_its_ids_and_labels() {
    let receiver = Receiver::default();
    receiver.with(|state| state.tenant = Some("team-1".into()));
    let (builder, loki) = builder(&receiver);
    let loki = loki.with_tenant("team-1").with_label("team", "blue").with_label("cluster", "eu-1");
    let telemetry = builder.with_loki(loki).init_in(ENVIRONMENT).unwrap();
    let ids = TraceIds::random(TraceFlags::SAMPLED);
    tracing::dispatcher::with_default(&subscriber(&telemetry), || {
        let work = Work::new().with_trace(ids).with_request_id(RequestId::new("request-1"));
        let _scope = Scope::of_work(work).attach();
        info!(order = 7, "accepted \"quoted\"\n");
    });
    telemetry.shutdown().await;
    receiver.with(|state| {
        assert_eq!((state.complaints.clone(), state.answers.clone()), (Vec::new(), vec![204]));
        let (labels, lines) = state.streams.first_key_value().unwrap();
        assert_eq!(labels, "{cluster=\"eu-1\", job=\"shop\", service_name=\"shop\", team=\"blue\"}");
        let line: serde_json::Value = serde_json::from_str(&lines[0].line).unwrap();
        assert_eq!((&line["message"], &line["order"]), (&"accepted \"quoted\"\n".into(), &7.into()));
        assert!(line.get("trace_id").is_none() && line.get("service.name").is_none());
        assert_eq!(lines[0].metadata["trace_id"], ids.trace_id.to_string());
        assert_eq!(lines[0].metadata["span_id"], ids.span_id.to_string());
        assert_eq!(lines[0].metadata["request_id"], "request-1");
        assert_eq!(state.headers["content-type"], "application/x-protobuf");
    });
}

#[tokio::test]
async fn levels_are_streams_by_choice() {
    let receiver = Receiver::default();
    let (builder, loki) = builder(&receiver);
    let telemetry = builder.with_loki(loki.with_level_label()).init_in(ENVIRONMENT).unwrap();
    tracing::dispatcher::with_default(&subscriber(&telemetry), || {
        debug!("one");
        warn!("two");
        error!("three");
        warn!("four");
    });
    telemetry.shutdown().await;
    let streams = receiver.with(|state| {
        let count = |(labels, lines): (&String, &Vec<_>)| (labels.clone(), lines.len());
        state.streams.iter().map(count).collect::<Vec<_>>()
    });
    let of = |level: &str| format!("{{job=\"shop\", level=\"{level}\", service_name=\"shop\"}}");
    assert_eq!(streams, [(of("DEBUG"), 1), (of("ERROR"), 1), (of("WARN"), 2)]);
}

#[tokio::test]
async fn what_serves_a_push_is_no_line() {
    let receiver = Receiver::default();
    let (builder, loki) = builder(&receiver);
    let telemetry = builder.with_loki(loki).init_in(ENVIRONMENT).unwrap();
    let dispatch = subscriber(&telemetry);
    tracing::dispatcher::with_default(&dispatch, || {
        let context = opentelemetry::Context::current().with_telemetry_suppressed();
        let _guard = context.attach();
        info!("of an export");
    });
    tracing::dispatcher::with_default(&dispatch, || info!("of the program"));
    telemetry.shutdown().await;
    let lines = receiver.lines();
    assert!(lines.len() == 1 && lines[0].contains("of the program"), "{lines:?}");
}

#[tokio::test]
async fn what_cannot_be_is_said_at_the_start() {
    let message = |loki: Loki| {
        let builder = Telemetry::builder("shop").without_admin().without_subscriber().with_loki(loki);
        builder.init_in(ENVIRONMENT).map(|_| ()).map_err(|error: InitError| error.to_string()).unwrap_err()
    };
    assert!(message(Loki::to("loki")).contains("http://localhost:3100"));
    assert!(message(Loki::to("http://loki").with_label("trace_id", "x")).contains("trace_id"));
    let folder = Folder::new();
    std::fs::write(folder.path(), b"a file").unwrap();
    assert!(message(Loki::to("http://loki").with_spool(folder.path())).contains("cannot be used"));
    std::fs::remove_file(folder.path()).unwrap();
    let spooled = || Loki::to("http://127.0.0.1:9").with_spool(folder.path());
    let first = Telemetry::builder("shop").without_admin().without_subscriber().with_loki(spooled());
    let first = first.init_in(ENVIRONMENT).unwrap();
    assert!(message(spooled()).contains("is in use"));
    first.shutdown().await;
}
