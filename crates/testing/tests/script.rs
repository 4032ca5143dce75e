//! Scripted services and bodies do what their script says; the drivers show all of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::{Body, SizeHint};
use tower_service::Service;
use tower_telemetry_testing::{
    EndAnswer, Reply, Scripted, ScriptedBody, ScriptedError, Seen, SizeAnswer, Step, call, poll_body,
    poll_once, read_body, run,
};

fn panics<R>(f: impl FnOnce() -> R) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(f)).err()?;
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
}

// === bodies ===

#[test]
fn a_body_does_what_its_script_says_in_order() {
    let trailers = HeaderMap::from_iter([(http::header::ETAG, HeaderValue::from_static("1"))]);
    let mut body = pin!(
        ScriptedBody::new()
            .data("a")
            .pending()
            .trailers(trailers.clone())
            .error(ScriptedError)
            .end()
            .data("late")
    );
    let seen: Vec<_> = (0..7).map(|_| poll_body(body.as_mut())).collect();
    assert_eq!(
        seen,
        [
            Seen::Data("a".into()),
            Seen::Pending,
            Seen::Trailers(trailers),
            Seen::Error(ScriptedError),
            Seen::End,
            Seen::Data("late".into()),
            Seen::End,
        ]
    );
}

#[test]
fn a_stalled_body_is_pending_for_ever_and_wakes_nobody() {
    let mut body = pin!(ScriptedBody::new().pending().stall().data("never"));
    assert_eq!(read_body(body.as_mut()), [Seen::Pending, Seen::Pending]);
    assert_eq!(poll_body(body), Seen::Pending);
}

#[test]
fn a_body_that_panics_goes_on_with_its_script() {
    let mut body = pin!(ScriptedBody::new().panic().data("a"));
    assert_eq!(panics(|| poll_body(body.as_mut())).as_deref(), Some("the script says panic"));
    assert_eq!(poll_body(body), Seen::Data("a".into()));
}

#[test]
fn a_body_is_read_until_its_error_and_no_further() {
    let mut body = pin!(ScriptedBody::new().error(ScriptedError).data("more"));
    assert_eq!(read_body(body.as_mut()), [Seen::Error(ScriptedError)]);
    assert_eq!(read_body(body), [Seen::Data("more".into()), Seen::End]);
    assert_eq!(ScriptedError.to_string(), "an error of the script");
}

/// What a body of two frames answers before each of three polls.
fn answers<T>(body: ScriptedBody, ask: impl Fn(&ScriptedBody) -> T) -> [T; 3] {
    let mut body = pin!(body.data("abc").data("de"));
    [0, 1, 2].map(|_| {
        let answer = ask(&body);
        poll_body(body.as_mut());
        answer
    })
}

#[test]
fn a_body_says_of_its_end_what_it_is_told_to_say() {
    for (end, expected) in [
        (EndAnswer::Never, [false, false, false]),
        (EndAnswer::Eager, [false, false, true]),
        (EndAnswer::Always, [true, true, true]),
        (EndAnswer::WithinLast(1), [false, true, true]),
    ] {
        let body = ScriptedBody::new().with_end(end);
        assert_eq!(answers(body, |body| body.is_end_stream()), expected, "{end:?}");
    }
    assert!(ScriptedBody::new().end().with_end(EndAnswer::Eager).is_end_stream());
    assert!(!ScriptedBody::new().pending().with_end(EndAnswer::Eager).is_end_stream());
}

#[test]
fn a_body_says_of_its_size_what_it_is_told_to_say() {
    let exact = |body: &ScriptedBody| body.size_hint().exact();
    assert_eq!(answers(ScriptedBody::new(), exact), [None, None, None]);
    assert_eq!(
        answers(ScriptedBody::new().with_size(SizeAnswer::Remaining), exact),
        [Some(5), Some(2), Some(0)]
    );
    assert_eq!(answers(ScriptedBody::new().with_size(SizeAnswer::exactly(9)), exact), [Some(9); 3]);
    let mut hint = SizeHint::new();
    hint.set_lower(2);
    let lower =
        answers(ScriptedBody::new().with_size(SizeAnswer::Fixed(hint)), |body| body.size_hint().lower());
    assert_eq!(lower, [2; 3]);
}

#[test]
fn a_body_is_made_of_steps() {
    let body: ScriptedBody = ScriptedBody::from_steps([Step::Data("a".into()), Step::End]);
    assert_eq!(read_body(pin!(body)), [Seen::Data("a".into()), Seen::End]);
    assert_eq!(read_body(pin!(ScriptedBody::<std::fmt::Error>::default())), [Seen::End]);
}

// === services ===

fn respond(text: &'static str) -> Reply {
    Reply::response(Response::new(ScriptedBody::new().data(text)))
}

#[test]
fn a_service_gives_its_replies_in_order_and_keeps_the_heads() {
    let script: Scripted = Scripted::new([respond("a"), Reply::error(ScriptedError)]);
    let (mut one, mut two) = (script.clone(), script.clone());
    let response = run(call(&mut one, Request::get("/a").body(()).unwrap())).unwrap().unwrap();
    assert_eq!(read_body(pin!(response.into_body())).len(), 2);
    assert!(run(call(&mut two, Request::get("/b").body(()).unwrap())).unwrap().is_err());
    let paths: Vec<_> = script.heads().iter().map(|head| head.uri.path().to_owned()).collect();
    assert_eq!(paths, ["/a", "/b"]);
}

#[test]
fn a_service_that_is_not_polled_ready_panics() {
    let mut service: Scripted = Scripted::new([respond("a"), respond("b")]);
    let unready = "the service was called without being polled ready";
    assert_eq!(panics(|| service.call(Request::new(()))).as_deref(), Some(unready));
    assert!(run(call(&mut service, Request::new(()))).is_some());
    assert_eq!(
        panics(|| service.call(Request::new(()))).as_deref(),
        Some(unready),
        "ready counts for one call"
    );
    let ready = Service::<Request<()>>::poll_ready(
        &mut service,
        &mut std::task::Context::from_waker(std::task::Waker::noop()),
    );
    assert!(ready.is_ready());
    assert_eq!(
        panics(|| service.clone().call(Request::new(()))).as_deref(),
        Some(unready),
        "and not for a clone"
    );
}

#[test]
fn a_service_that_is_called_too_often_panics() {
    let mut service: Scripted = Scripted::new([]);
    let text = panics(|| call(&mut service, Request::new(())));
    assert_eq!(text.as_deref(), Some("the service was called more often than its script says"));
}

#[test]
fn a_service_panics_where_its_script_says_so() {
    let mut service: Scripted =
        Scripted::new([Reply::panic_in_call(), Reply::panic_in_future().after_pending(1)]);
    let text = panics(|| call(&mut service, Request::new(())));
    assert_eq!(text.as_deref(), Some("the script says panic in call"));
    let mut future = pin!(call(&mut service, Request::new(())));
    assert!(poll_once(future.as_mut()).is_pending());
    let text = panics(|| poll_once(future.as_mut()));
    assert_eq!(text.as_deref(), Some("the script says panic in the future"));
}

#[test]
fn a_service_that_never_answers_stays_pending_and_wakes_nobody() {
    let mut service: Scripted = Scripted::new([Reply::never()]);
    assert!(run(call(&mut service, Request::new(()))).is_none());
}

#[test]
fn a_future_that_is_polled_after_it_is_done_panics() {
    let mut service: Scripted = Scripted::new([respond("a").after_pending(2)]);
    let mut future = pin!(call(&mut service, Request::new(())));
    let ready = [0; 3].map(|_| poll_once(future.as_mut()).is_ready());
    assert_eq!(ready, [false, false, true]);
    assert!(panics(|| poll_once(future.as_mut())).is_some());
}

#[test]
fn a_service_that_is_not_clone_answers_all_the_same() {
    let script: Scripted = Scripted::new([respond("a")]);
    assert!(run(call(&mut script.not_clone(), Request::new(()))).unwrap().is_ok());
}

// === drivers ===

#[test]
fn a_future_is_run_as_long_as_somebody_wakes_it() {
    let mut left = 3;
    let future = std::future::poll_fn(|cx| {
        left -= 1;
        if left == 0 {
            return Poll::Ready("done");
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    });
    assert_eq!(run(future), Some("done"));
    assert_eq!(run(pending::<()>()), None);
}

#[test]
fn a_service_that_is_not_ready_is_not_called() {
    struct Busy(Poll<Result<(), ()>>);
    impl Service<()> for Busy {
        type Response = ();
        type Error = ();
        type Future = std::future::Ready<Result<(), ()>>;
        fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), ()>> {
            self.0
        }
        fn call(&mut self, (): ()) -> Self::Future {
            panic!("called")
        }
    }
    assert_eq!(panics(|| call(&mut Busy(Poll::Pending), ())).as_deref(), Some("the service is not ready"));
    let failed = panics(|| call(&mut Busy(Poll::Ready(Err(()))), ()));
    assert_eq!(failed.as_deref(), Some("the service failed when it was asked whether it is ready"));
}

#[test]
fn a_future_is_polled_once() {
    let mut future = pin!(pending::<()>());
    assert!(poll_once::<dyn Future<Output = ()>>(future.as_mut()).is_pending());
}
