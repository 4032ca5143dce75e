//! Baggage, through a service that does not touch it, and through one that does.

use axum::Router;
use axum::routing::get;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::{Context, KeyValue};
use tower::Layer;
use tower_telemetry::Propagation;
use tower_telemetry_tests::{Caller, Rig, Server, request};

use crate::harness::Harness;

/// What goes out, as one text.
async fn out(harness: &Harness, lines: &[&str]) -> String {
    let headers: Vec<_> = lines.iter().map(|line| ("baggage", *line)).collect();
    let headers = harness.relay(&headers).await;
    let lines: Vec<_> = headers.get_all("baggage").iter().map(|line| line.to_str().unwrap()).collect();
    lines.join(" | ")
}

#[tokio::test]
async fn baggage_goes_through_as_it_came() {
    let harness = Harness::new().await;
    for line in [
        "userId=alice",
        "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false",
        "SomeKey=SomeValue;SomeProp,SomeKey2=SomeValue2;ValueProp=PropVal",
        "SomeKey=SomeValue=equals",
        "k=a;p=%2C%20z=1",
        "k=%2541",
        "k%41=1",
        "b=1,a=2,b=3;p;p=1;p=2",
        "k=",
        "k=%FF%20",
    ] {
        assert_eq!(out(&harness, &[line]).await, line);
    }
}

#[tokio::test]
async fn lines_are_joined_in_their_order() {
    let harness = Harness::new().await;
    assert_eq!(out(&harness, &["b=1;p,a=2", "", "c=3"]).await, "b=1;p,a=2,c=3");
    assert_eq!(out(&harness, &[""]).await, "");
}

#[tokio::test]
async fn the_limits_hold_over_all_lines_and_drop_whole_members() {
    let harness = Harness::new().await;
    let members =
        |range: std::ops::Range<u32>| range.map(|n| format!("k{n}=v")).collect::<Vec<_>>().join(",");
    assert_eq!(out(&harness, &[&members(0..64)]).await, members(0..64));
    assert_eq!(out(&harness, &[&members(0..40), &members(40..100)]).await, members(0..64));
    let long = format!("a={}", "x".repeat(4093));
    let other = format!("b={}", "y".repeat(4094));
    assert_eq!(out(&harness, &[&long, &other]).await, format!("{long},{other}"), "8192 bytes");
    assert_eq!(out(&harness, &[&long, &format!("{other}y"), "c=1"]).await, format!("{long},c=1"));
}

#[tokio::test]
async fn baggage_needs_no_trace_and_survives_a_malformed_one() {
    let harness = Harness::new().await;
    let headers = harness.relay(&[("traceparent", "00-"), ("baggage", "a=1")]).await;
    assert_eq!(headers["baggage"], "a=1");
}

#[tokio::test]
async fn baggage_of_a_stranger_is_dropped() {
    let harness = Harness::of(tower_telemetry::TelemetryBuilder::public).await;
    assert_eq!(out(&harness, &["a=1"]).await, "");
}

#[tokio::test]
async fn only_named_members_go_out() {
    let harness =
        Harness::of(|builder| builder.with_propagation(Propagation::default().with_baggage_keys(["tenant"])))
            .await;
    assert_eq!(out(&harness, &["secret=1,tenant=7;p,other=2"]).await, "tenant=7;p");
    assert_eq!(out(&harness, &["secret=1"]).await, "");
}

#[tokio::test]
async fn a_handler_reads_baggage_and_what_it_adds_goes_out() {
    let rig = Rig::new();
    let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
    let noting = seen.clone();
    let behind = Server::axum(Router::new().fallback(move |headers: http::HeaderMap| async move {
        *noting.lock().unwrap() = headers.get("baggage").cloned();
    }))
    .await;
    let client = rig.telemetry.http_client().layer(Caller::http1());
    let url = behind.url("/");
    let handler = move || async move {
        let here = Context::current();
        let read = here.baggage().get("user").map(ToString::to_string);
        let all = here.baggage().iter().map(|(key, (value, _))| KeyValue::new(key.clone(), value.clone()));
        let more: Vec<_> = all.chain([KeyValue::new("tier", "50% off")]).collect();
        // The call is made within the context that has more.
        let call = {
            let _more = here.with_baggage(more).attach();
            tower::Service::call(&mut { client }, request(http::Method::GET, &url, &[]))
        };
        call.await.unwrap();
        read.unwrap_or_default()
    };
    let front = Server::axum(Router::new().route("/", get(handler)).layer(rig.telemetry.http_server())).await;
    let answer = Caller::of(&front).get_with("/", &[("baggage", "z=1,user=Am%C3%A9lie")]).await;
    assert_eq!(&answer.body[..], "Am\u{e9}lie".as_bytes());
    assert_eq!(seen.lock().unwrap().as_ref().unwrap(), "z=1,user=Am%C3%A9lie,tier=50%25%20off");
}
