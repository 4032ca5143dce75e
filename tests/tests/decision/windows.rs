//! Exemplars, lines and headers follow what is kept.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use opentelemetry::trace::SpanKind;
use tower_telemetry::metrics::expose::openmetrics;
use tower_telemetry::trace::Decision;
use tower_telemetry_tests::{Caller, Rig, Server, attribute, of_line, of_span, sentence};

use crate::script::{record, rig};

async fn answered(rig: &Rig, status: StatusCode) {
    let app = Router::new().route("/users/{id}", get(move || async move { status }));
    let server = Server::axum(app.layer(rig.telemetry.http_server())).await;
    Caller::of(&server).get("/users/7").await;
    rig.until_ended("server", 1).await;
}

/// The trace ids of all exemplars.
fn exemplars(rig: &Rig) -> Vec<String> {
    let mut page = String::new();
    openmetrics::encode(&rig.snapshot(), &mut page);
    let ids = page.lines().filter_map(|line| line.split_once("trace_id=\"")?.1.split_once('"'));
    ids.map(|(id, _)| id.to_owned()).collect()
}

#[tokio::test]
async fn an_exemplar_and_a_line_tell_the_trace_that_was_kept_at_the_end() {
    let rig = rig(Decision::Wait);
    answered(&rig, StatusCode::INTERNAL_SERVER_ERROR).await;
    let (span, line) = (rig.span_of(&SpanKind::Server), rig.line_of("server"));
    let context = &span.span_context;
    let [trace, id, _] = line.ids();
    assert_eq!((trace, id), (Some(&*context.trace_id().to_string()), Some(&*context.span_id().to_string())));
    assert_eq!(sentence(&of_span(&span)), sentence(&of_line(&line)));
    let exemplars = exemplars(&rig);
    assert!(!exemplars.is_empty());
    assert!(exemplars.iter().all(|id| *id == context.trace_id().to_string()), "{exemplars:?}");
}

#[tokio::test]
async fn what_was_not_kept_has_a_line_with_ids_and_no_exemplar() {
    for decision in [Decision::Wait, Decision::Drop] {
        let rig = rig(decision);
        answered(&rig, StatusCode::OK).await;
        assert!(rig.line_of("server").ids()[0].is_some());
        assert!(exemplars(&rig).is_empty());
        assert!(rig.spans().is_empty());
    }
}

#[tokio::test]
async fn what_is_recorded_says_why_and_at_which_probability() {
    let rig = rig(record());
    answered(&rig, StatusCode::OK).await;
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(attribute(&span, "sampling.reason").as_deref(), Some("head"));
    assert_eq!(span.span_context.trace_state().get("ot"), Some("th:8"));
    assert_eq!(exemplars(&rig).first(), Some(&span.span_context.trace_id().to_string()));
}
