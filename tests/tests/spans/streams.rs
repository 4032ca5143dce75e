//! Long streams: whole, or with a span that ends at their head; frames as events.

use http::{Method, header};
use tower_telemetry::trace::{Extra, StreamSpans};
use tower_telemetry::{Protocol, Route, TelemetryBuilder};
use tower_telemetry_testing::Reply;
use tower_telemetry_tests::{attribute, of_line, of_metrics, sentence};

use crate::scene::{Answer, Body, Drive, Left, Scene, answer, rpc_answer};

const METHOD: &str = "user.v1.UserService/GetUser";

fn events(status: u16) -> impl Fn() -> Answer {
    move || {
        let mut response = answer(status, Body::default().data("data: 1\n\n").stall());
        let content_type = "text/event-stream; charset=utf-8".parse().unwrap();
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        Reply::response(response)
    }
}

fn stream(status: u16) -> Scene {
    Scene::http(Method::GET, "/users/7", events(status))
        .of_route(Route::template("/users/{id}"))
        .driven(Drive::DropBody)
}

fn head(builder: TelemetryBuilder) -> TelemetryBuilder {
    builder.with_trace(|trace| trace.with_streams(StreamSpans::Head { routes: &[METHOD] }))
}

fn until(left: &Left) -> [Option<String>; 2] {
    [&left.server, &left.client].map(|span| attribute(span, "tower_telemetry.span.until"))
}

#[test]
fn a_stream_is_one_span_by_default() {
    let left = stream(200).run(|builder| builder);
    assert_eq!(until(&left), [None, None]);
    assert_eq!(attribute(&left.server, "tower_telemetry.ending").as_deref(), Some("dropped"));
}

#[test]
fn a_span_that_ends_at_the_head_tells_what_is_known_there_and_the_others_tell_the_end() {
    let left = stream(200).run(head);
    assert_eq!(until(&left), [Some("head".into()), Some("head".into())]);
    assert_eq!(left.server.name, "GET /users/{id}");
    assert_eq!(attribute(&left.server, "http.response.status_code").as_deref(), Some("200"));
    assert_eq!(attribute(&left.server, "http.route").as_deref(), Some("/users/{id}"));
    assert_eq!(attribute(&left.server, "tower_telemetry.ending"), None);
    for side in ["server", "client"] {
        let told = "/users/{id} 200 - - dropped ok";
        assert_eq!(sentence(&of_line(&left.rig.line_of(side))), told);
        assert_eq!(sentence(&of_metrics(&left.rig.snapshot(), side)), told);
    }
}

#[test]
fn an_event_stream_that_is_refused_is_no_stream() {
    let left = stream(503).run(head);
    assert_eq!(until(&left), [None, None]);
    assert_eq!(attribute(&left.server, "error.type").as_deref(), Some("503"));
}

#[test]
fn a_listed_method_is_a_stream_and_others_are_not() {
    let call = |protocol, method: &'static str| {
        let messages = move || {
            let body = Body::default().data("a").data("b").stall();
            Reply::response(rpc_answer(protocol, None, body))
        };
        Scene::grpc(protocol, method, messages).of_route(Route::rpc(method)).driven(Drive::DropBody)
    };
    let left = call(Protocol::Grpc, METHOD).run(head);
    assert_eq!(until(&left), [Some("head".into()), Some("head".into())]);
    assert_eq!(attribute(&left.server, "rpc.method").as_deref(), Some(METHOD));
    assert_eq!(attribute(&left.server, "rpc.status_code"), None);
    let left = call(Protocol::Grpc, "user.v1.UserService/Other").run(head);
    assert_eq!(until(&left), [None, None]);
}

#[test]
fn frames_are_told_as_events_in_bounded_number() {
    let answer = || Reply::response(answer(200, Body::default().data("a").data("bcd").data("e").data("f")));
    let scene = Scene::http(Method::GET, "/users/7", answer);
    let left = scene.run(|builder| builder.with_trace(|trace| trace.with_frame_events(2)));
    for span in [&left.server, &left.client] {
        let told: Vec<_> =
            span.events.iter().map(|event| (&*event.name, event.attributes[0].value.to_string())).collect();
        assert_eq!(told, [("tower_telemetry.frame", "1".into()), ("tower_telemetry.frame", "3".into())]);
    }
}

#[test]
fn what_the_conventions_leave_to_choice_is_told_when_chosen() {
    let scene = || {
        let answer = || Reply::response(answer(200, Body::default().data("abc")));
        let mut scene = Scene::http(Method::POST, "/users/7", answer);
        scene.request.headers_mut().insert(header::CONTENT_LENGTH, 7.into());
        scene
    };
    let extras =
        [Extra::NetworkTransport, Extra::ClientPort, Extra::UrlScheme, Extra::UserAgent, Extra::BodySizes];
    let left = scene().run(|builder| builder.with_trace(move |trace| trace.with_extra_attributes(extras)));
    let told = |span, keys: &[&str]| -> Vec<_> {
        keys.iter().map(|key| attribute(span, key).unwrap_or_else(|| "-".into())).collect()
    };
    let keys = ["network.transport", "client.port", "http.request.body.size", "http.response.body.size"];
    assert_eq!(told(&left.server, &keys), ["tcp", "4711", "7", "3"]);
    let keys =
        ["network.transport", "url.scheme", "user_agent.original", "http.response.body.size", "client.port"];
    assert_eq!(told(&left.client, &keys), ["tcp", "http", "curl/8.9", "3", "-"]);
}
