//! Services on real sockets, and what is found of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use axum::Router;
use axum::routing::get;
use contract::{Ask, Caller, Client, Heard, Protocol, Report, Verdict, judge};
use http::{HeaderName, HeaderValue};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::cors::CorsLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_telemetry::{Audience, ResponseContract, Telemetry, TelemetryBuilder};

fn app() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

fn telemetry(change: fn(TelemetryBuilder) -> TelemetryBuilder) -> Telemetry {
    change(Telemetry::builder("contract").without_admin().without_subscriber()).init().unwrap()
}

/// What is found of this service.
async fn found(app: Router, protocol: Protocol, id_header: &'static str) -> Report {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let ask = Ask { uri, protocol, id_header: HeaderName::from_static(id_header) };
    let report = judge(&Heard::of(&Client::new(protocol).unwrap(), &ask).await.unwrap());
    server.abort();
    report
}

fn rules(report: &Report, verdict: Verdict) -> BTreeSet<&'static str> {
    report.rows.iter().filter(|row| row.verdict == verdict).map(|row| row.rule).collect()
}

#[tokio::test]
async fn a_service_with_the_layer_keeps_the_contract() {
    let telemetry = telemetry(|builder| builder);
    for protocol in [Protocol::Http, Protocol::Grpc] {
        let report = found(app().layer(telemetry.http_server()), protocol, "x-request-id").await;
        assert_eq!((report.caller, report.broken()), (Caller::Trusted, 0), "{report}");
    }
    let report =
        found(Router::new().fallback_service(telemetry.around(app())), Protocol::Http, "x-request-id").await;
    assert_eq!((report.caller, report.broken()), (Caller::Trusted, 0), "{report}");
}

#[tokio::test]
async fn a_service_of_strangers_keeps_it_for_strangers() {
    let telemetry = telemetry(TelemetryBuilder::public);
    let report = found(app().layer(telemetry.http_server()), Protocol::Http, "x-request-id").await;
    assert_eq!((report.caller, report.broken()), (Caller::Stranger, 0), "{report}");
    assert!(rules(&report, Verdict::Kept).contains("a stranger is told nothing of a trace"));
}

#[tokio::test]
async fn what_is_told_by_choice_is_judged_where_it_is_told() {
    let telemetry = telemetry(|builder| {
        let contract =
            ResponseContract::new().with_trace_id(Audience::Trusted).with_traceresponse(Audience::Trusted);
        builder.with_request_ids(move |ids| {
            ids.with_contract(contract).with_header(HeaderName::from_static("x-correlation-id"))
        })
    });
    let cached = axum::middleware::map_response(async |mut response: axum::response::Response| {
        response.headers_mut().insert("x-cache-status", HeaderValue::from_static("hit"));
        response
    });
    let layers =
        ServiceBuilder::new().layer(telemetry.http_server()).layer(CorsLayer::permissive()).layer(cached);
    let report = found(app().layer(layers), Protocol::Http, "x-correlation-id").await;
    assert_eq!(report.broken(), 0, "{report}");
    assert!(rules(&report, Verdict::Silent).is_empty(), "{report}");
}

#[tokio::test]
async fn the_contract_can_be_read_by_pages_whichever_way_round_the_layers_stand() {
    let telemetry = telemetry(|builder| builder);
    let cors = || CorsLayer::new().allow_origin(tower_http::cors::Any);
    let inside = ServiceBuilder::new().layer(telemetry.http_server()).layer(cors());
    let outside = ServiceBuilder::new().layer(cors()).layer(telemetry.http_server());
    for app in [app().layer(inside), app().layer(outside)] {
        let report = found(app, Protocol::Http, "x-request-id").await;
        assert!(rules(&report, Verdict::Kept).contains("a page of another origin may read it"), "{report}");
    }
}

#[tokio::test]
async fn a_service_that_echoes_whatever_it_is_sent_is_found_out() {
    let name = HeaderName::from_static("x-request-id");
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(name.clone(), MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(name));
    let report = found(app().layer(layers), Protocol::Http, "x-request-id").await;
    let broken = rules(&report, Verdict::Broken);
    for rule in [
        "an id that is malformed is replaced",
        "of two ids none is taken",
        "server-timing tells the time to the head",
        "server-timing tells the trace of the caller",
        "x-response-time-ms tells the same",
    ] {
        assert!(broken.contains(rule), "{rule}\n{report}");
    }
    assert!(rules(&report, Verdict::Kept).contains("a request has an id"), "{report}");
}

#[tokio::test]
async fn a_service_that_tells_nothing_or_untruths_is_found_out() {
    let report = found(app(), Protocol::Http, "x-request-id").await;
    assert!(
        rules(&report, Verdict::Kept).is_subset(&BTreeSet::from(["a stranger is told nothing of a trace"]))
    );
    let liar = axum::middleware::map_response(async |mut response: axum::response::Response| {
        for (name, value) in [
            ("x-request-id", "always-the-same"),
            (
                "server-timing",
                "head;dur=99999.9, trace;desc=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ),
            ("x-response-time-ms", "0.3"),
            ("x-cache-status", "DYNAMIC"),
            ("access-control-allow-origin", "*"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    });
    let report = found(app().layer(liar), Protocol::Http, "x-request-id").await;
    let broken = rules(&report, Verdict::Broken);
    for rule in [
        "another request has another",
        "server-timing tells the time to the head",
        "x-response-time-ms tells the same",
        "a stranger is told nothing of a trace",
        "x-cache-status is a word that is known",
        "a page of another origin may read it",
    ] {
        assert!(broken.contains(rule), "{rule}\n{report}");
    }
}
