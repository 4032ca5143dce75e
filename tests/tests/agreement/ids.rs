use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::Method;
use http_body_util::BodyExt;
use opentelemetry::trace::SpanKind;
use tower_telemetry_tests::{Caller, Line, Rig, Server, request, soon};

/// Logs when it is dropped, as a user's own guard would.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        tracing::info!("dropped");
    }
}

async fn waits() {
    tracing::info!("inside");
    let _guard = Guard;
    std::future::pending().await
}

async fn streams() -> Body {
    tracing::info!("inside");
    let guard = Guard;
    let endless = stream::pending().map(move |chunk| {
        let _kept = &guard;
        chunk
    });
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"x"))]).chain(endless))
}

/// A server, observed by the front door.
async fn observed() -> (Rig, Server) {
    let rig = Rig::new();
    let app = Router::new().route("/wait", get(waits)).route("/stream", get(streams));
    let server = Server::axum(app.layer(rig.telemetry.http_server())).await;
    (rig, server)
}

fn assert_ids_of_the_span(rig: &Rig, lines: &[Line]) {
    let span = rig.span_of(&SpanKind::Server);
    let (trace, id) = (span.span_context.trace_id().to_string(), span.span_context.span_id().to_string());
    for line in lines {
        let [trace_id, span_id, request_id] = line.ids();
        assert_eq!((trace_id, span_id), (Some(trace.as_str()), Some(id.as_str())), "{line:?}");
        assert!(request_id.is_some(), "{line:?}");
        assert_eq!(request_id, lines[0].ids()[2], "{line:?}");
    }
}

#[tokio::test]
async fn all_that_a_cancelled_handler_logs_has_its_ids_and_nothing_outside_has() {
    let (rig, server) = observed().await;
    tracing::info!("outside");
    let caller = Caller::of(&server);
    let call = tokio::spawn(async move { caller.send(request(Method::GET, "/wait", &[])).await });
    rig.until_begun("server", 1).await;
    call.abort();
    rig.until_ended("server", 1).await;
    tracing::info!("afterwards");

    let lines = [rig.line_saying("inside"), rig.line_saying("dropped"), rig.line_of("server")];
    assert_ids_of_the_span(&rig, &lines);
    for outside in ["outside", "afterwards"] {
        assert_eq!(rig.line_saying(outside).ids(), [None; 3]);
    }
}

#[tokio::test]
async fn all_that_a_body_logs_when_it_is_dropped_has_its_ids() {
    let (rig, server) = observed().await;
    let mut response = Caller::of(&server).send(request(Method::GET, "/stream", &[])).await.unwrap();
    soon(response.body_mut().frame()).await.unwrap().unwrap();
    drop(response);
    rig.until_ended("server", 1).await;

    let lines = [rig.line_saying("inside"), rig.line_saying("dropped"), rig.line_of("server")];
    assert_ids_of_the_span(&rig, &lines);
    assert_eq!(rig.line_of("server").text("ending"), Some("dropped"));
}

#[tokio::test]
async fn ids_that_nobody_samples_are_on_every_line_all_the_same() {
    let (rig, server) = observed().await;
    let trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let unsampled = format!("00-{trace_id}-00f067aa0ba902b7-00");
    let request = request(Method::GET, "/stream", &[("traceparent", &unsampled)]);
    drop(Caller::of(&server).send(request).await.unwrap());
    rig.until_ended("server", 1).await;

    assert!(rig.spans().is_empty());
    let (inside, access) = (rig.line_saying("inside"), rig.line_of("server"));
    assert_eq!(inside.ids()[0], Some(trace_id));
    assert!(
        inside.ids()[1].is_some_and(|span| span != "00f067aa0ba902b7"),
        "an exchange has an id of its own"
    );
    assert_eq!(inside.ids(), access.ids());
}
