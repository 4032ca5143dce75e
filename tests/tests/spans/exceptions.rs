//! What broke is told as a log record by its name, in place of an event of the span.

use std::io;
use std::sync::{Arc, Mutex};

use http::Method;
use tower_telemetry::{Protocol, Route};
use tower_telemetry_testing::Reply;
use tracing::{Event, Metadata, Subscriber, span};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use crate::scene::{Answer, Body, Drive, Left, Scene, answer, rpc_answer};

const METHOD: &str = "user.v1.UserService/GetUser";

fn http(answer: impl Fn() -> Answer + 'static) -> Scene {
    Scene::http(Method::GET, "/users/7", answer).of_route(Route::template("/users/{id}"))
}

fn grpc(answer: impl Fn() -> Answer + 'static) -> Scene {
    Scene::grpc(Protocol::Grpc, METHOD, answer).of_route(Route::rpc(METHOD))
}

/// The lines of exceptions, as `level message type`, with the ids of the span they belong to.
fn exceptions(left: &Left) -> Vec<String> {
    let is_exception = |line: &&_| {
        let line: &&tower_telemetry_tests::Line = line;
        line.text("target") == Some("tower_telemetry::exception")
    };
    let text = |line: &tower_telemetry_tests::Line| {
        let context = match line.text("level") {
            Some("ERROR") => &left.server.span_context,
            _ => &left.client.span_context,
        };
        let span = context.span_id().to_string();
        assert_eq!(line.ids()[1], Some(span.as_str()), "{line:?}");
        let told = ["level", "message", "exception.type"].map(|key| line.text(key).unwrap_or("-").to_owned());
        told.join(" ")
    };
    left.rig.lines().iter().filter(is_exception).map(text).collect()
}

#[test]
fn an_error_or_a_panic_is_told_by_each_side() {
    let http_ = |kind: &str| {
        vec![
            format!("ERROR http.server.request.exception {kind}"),
            format!("WARN http.client.request.exception {kind}"),
        ]
    };
    let rpc = |kind: &str| {
        vec![
            format!("ERROR rpc.server.call.exception {kind}"),
            format!("WARN rpc.client.call.exception {kind}"),
        ]
    };
    let reset = || Reply::error(io::ErrorKind::ConnectionReset.into());
    assert_eq!(exceptions(&http(reset).run(|builder| builder)), http_("connection_reset"));
    assert_eq!(exceptions(&http(Reply::panic_in_future).run(|builder| builder)), http_("panic"));
    let unknown = || Reply::error(io::Error::other("secret"));
    assert_eq!(exceptions(&grpc(unknown).run(|builder| builder)), rpc("std::io::error::Error"));
    let body = || {
        let body = Body::default().data("x").error(io::Error::other("secret"));
        Reply::response(rpc_answer(Protocol::Grpc, None, body))
    };
    assert_eq!(exceptions(&grpc(body).run(|builder| builder)), rpc("std::io::error::Error"));
}

#[test]
fn an_answer_is_no_exception_whatever_it_says_and_neither_is_a_cancel() {
    let fails = || Reply::response(answer(500, Body::default()));
    let internal = || Reply::response(rpc_answer(Protocol::Grpc, Some(13), Body::default()));
    for scene in [http(fails), grpc(internal), http(Reply::never).driven(Drive::DropCall)] {
        assert!(exceptions(&scene.run(|builder| builder)).is_empty());
    }
}

/// Keeps the names of the events that come by, which a log bridge makes event names of.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<&'static str>>>);

impl<S: Subscriber> Layer<S> for Names {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "tower_telemetry::exception"
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.0.lock().unwrap().push(event.metadata().name());
    }

    fn on_enter(&self, _: &span::Id, _: Context<'_, S>) {}
}

#[test]
fn the_name_of_the_event_is_that_of_the_conventions() {
    let names = Names::default();
    let scene = http(|| Reply::error(io::Error::other("secret")));
    // The rig's own subscriber is that of its scope: this one hears what the windows tell without a rig.
    let subscriber = Registry::default().with(names.clone());
    tracing::subscriber::with_default(subscriber, || {
        use tower_telemetry::SignalExt;
        use tower_telemetry_testing::{Scripted, call, run};
        let mut service = tower::Layer::layer(
            &tower_telemetry::log::LogContext::new().server(),
            Scripted::new([(scene.answer)()]),
        );
        assert!(run(call(&mut service, scene.request.clone())).unwrap().is_err());
    });
    assert_eq!(*names.0.lock().unwrap(), ["http.server.request.exception"]);
}
