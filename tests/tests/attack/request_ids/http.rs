//! Callers over HTTP.

use axum::Router;
use http::{HeaderValue, Method, StatusCode};
use tower_telemetry::{RequestId, TelemetryBuilder};
use tower_telemetry_tests::{Answer, Caller, Rig, Server, request};

use super::{UNSPEAKABLE, assert_one_id, assert_unharmed, raw, unfit};

fn app(rig: &Rig) -> Router {
    let handler = async |request: axum::extract::Request| {
        let ids: Vec<_> = request.headers().get_all("x-request-id").iter().collect();
        tracing::info!(?ids, "what the handler meets");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    Router::new().fallback(handler).layer(rig.telemetry.http_server())
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all("x-request-id").iter().map(|id| id.to_str().unwrap()).collect()
}

#[tokio::test]
async fn an_unfit_id_is_answered_with_another_and_met_by_nobody() {
    for build in [(|builder| builder) as fn(TelemetryBuilder) -> TelemetryBuilder, TelemetryBuilder::public] {
        for id in unfit() {
            for caller_of in [Caller::of, Caller::http2_of] {
                let rig = Rig::of(build);
                let server = Server::axum(app(&rig)).await;
                let mut request = request(Method::GET, "/x", &[]);
                request.headers_mut().insert("x-request-id", HeaderValue::from_bytes(&id).unwrap());
                let answer = caller_of(&server).call(request).await;
                rig.until_ended("server", 1).await;
                assert_one_id(&rig, &ids(&answer));
                assert_unharmed(&rig);
                let refused = rig.snapshot().total("tower_telemetry.request_ids.refused", &[]);
                assert_eq!(refused, 1.0, "{:?}", String::from_utf8_lossy(&id));
            }
        }
    }
}

#[tokio::test]
async fn a_thousand_lines_of_ids_are_answered_with_one() {
    let rig = Rig::new();
    let server = Server::axum(app(&rig)).await;
    let caller = Caller::http2_of(&server);
    let mut request = request(Method::GET, "/x", &[]);
    for number in 0..1_000 {
        request
            .headers_mut()
            .append("x-request-id", HeaderValue::try_from(format!("evil-{number}")).unwrap());
    }
    // A server may refuse so large a head by itself.
    if let Ok(response) = caller.send(request).await
        && response.status() == StatusCode::INTERNAL_SERVER_ERROR
    {
        let answer = tower_telemetry_tests::answer(response).await;
        assert_one_id(&rig, &ids(&answer));
    }
    let mut few = tower_telemetry_tests::request(Method::GET, "/x", &[]);
    for id in ["evil-1", "evil-2", "evil-1"] {
        few.headers_mut().append("x-request-id", HeaderValue::from_static(id));
    }
    let before = rig.ended_as(&[("side", "server")]);
    let answer = caller.call(few).await;
    rig.until_ended("server", before + 1).await;
    let [given] = ids(&answer)[..] else { panic!("one id is told") };
    assert!(!given.contains("evil"));
    assert_unharmed(&rig);
}

#[tokio::test]
async fn what_no_header_can_hold_is_not_echoed_from_a_socket() {
    for id in UNSPEAKABLE {
        assert!(HeaderValue::from_bytes(id).is_err());
        assert!(RequestId::new(&String::from_utf8_lossy(id)).is_none());
        let rig = Rig::new();
        let server = Server::axum(app(&rig)).await;
        let heard = raw::exchange(&server, &raw::http1(&[("x-request-id", id)])).await;
        assert!(!heard.windows(4).any(|window| window == b"evil"), "{:?}", String::from_utf8_lossy(&heard));
        assert!(!heard.is_empty(), "the caller is answered");
        assert_unharmed(&rig);
        // And the next caller is served.
        assert_eq!(Caller::of(&server).get("/x").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}

#[tokio::test]
async fn a_hostile_x_trace_id_and_cache_status_are_neither_taken_nor_echoed() {
    let rig = Rig::of(|builder| {
        builder.with_request_ids(|ids| {
            use tower_telemetry::{Audience, ResponseContract};
            ids.with_contract(ResponseContract::new().with_trace_id(Audience::Everybody))
        })
    });
    let server = Server::axum(app(&rig)).await;
    for name in ["x-trace-id", "x-cache-status", "server-timing", "traceresponse", "x-response-time-ms"] {
        for value in unfit() {
            let mut request = request(Method::GET, "/x", &[]);
            request.headers_mut().insert(name, HeaderValue::from_bytes(&value).unwrap());
            let answer = Caller::of(&server).call(request).await;
            for (name, value) in &answer.headers {
                assert!(!String::from_utf8_lossy(value.as_bytes()).contains("evil"), "{name}: {value:?}");
            }
            let trace = answer.header("x-trace-id").unwrap();
            assert!(trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit()), "{trace}");
        }
    }
    assert_unharmed(&rig);
    let refused = rig.snapshot().total("tower_telemetry.trace_ids.refused", &[]);
    assert_eq!(refused, unfit().len() as f64);
}
