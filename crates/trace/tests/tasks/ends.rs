use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use opentelemetry::Context;
use opentelemetry::trace::{SpanId, Status, TraceContextExt};
use opentelemetry_sdk::trace::SpanData;
use tower_telemetry_trace::tasks::spawn;

use crate::stage::{Stage, attribute, seen};

/// How the one piece of work ended: ending, error type, whether its status is an error.
fn ended(span: &SpanData) -> (String, Option<String>, bool) {
    let is_error = matches!(span.status, Status::Error { .. });
    assert!(is_error || span.status == Status::Unset, "Ok is never set");
    (attribute(span, "tower_telemetry.ending").unwrap(), attribute(span, "error.type"), is_error)
}

fn well(ending: &str) -> (String, Option<String>, bool) {
    (ending.into(), None, false)
}

fn panicked() -> (String, Option<String>, bool) {
    ("panicked".into(), Some("panic".into()), true)
}

#[tokio::test]
async fn a_future_that_is_over_ends_its_span_though_it_is_kept() {
    let stage = Stage::new();
    let mut future = Box::pin(stage.spans().continue_as("pack").run(async { 7 }));
    assert!(stage.finished().is_empty());
    assert_eq!(future.as_mut().await, 7);
    assert_eq!(ended(&stage.span("pack")), well("complete"));
    drop(future);
    assert_eq!(stage.finished().len(), 1, "a span ends once");
}

#[tokio::test]
async fn a_task_that_is_aborted_ends_its_span_as_dropped_and_not_as_an_error() {
    let stage = Stage::new();
    let work = stage.spans().continue_as("pack");
    let task = spawn(work.run(std::future::pending::<()>()));
    tokio::task::yield_now().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(ended(&stage.span("pack")), well("dropped"));
    drop(stage.spans().continue_as("never polled").run(std::future::pending::<()>()));
    assert_eq!(ended(&stage.span("never polled")), well("dropped"));
}

#[tokio::test]
async fn a_future_that_panics_ends_its_span_as_an_error() {
    let stage = Stage::new();
    let work = stage.spans().continue_as("pack");
    let task = spawn(work.run(async {
        tokio::task::yield_now().await;
        std::panic::resume_unwind(Box::new("as asked"))
    }));
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(ended(&stage.span("pack")), panicked());
}

#[test]
fn a_closure_ends_its_span_and_a_panic_in_it_is_an_error() {
    let stage = Stage::new();
    let span =
        stage.spans().continue_as("pack").run_blocking(|| Context::current().span().span_context().clone());
    assert_eq!(stage.span("pack").span_context, span);
    assert_eq!(ended(&stage.span("pack")), well("complete"));

    let work = stage.spans().continue_as("fall");
    let caught = catch_unwind(AssertUnwindSafe(|| {
        work.run_blocking(|| std::panic::resume_unwind(Box::new("as asked")));
    }));
    assert!(caught.is_err());
    assert_eq!(ended(&stage.span("fall")), panicked());
    assert!(!seen().in_exchange && seen().told.is_none());
}

#[test]
fn work_that_is_done_while_the_thread_unwinds_has_not_panicked_itself() {
    struct Tidy<'a>(&'a Stage);
    impl Drop for Tidy<'_> {
        fn drop(&mut self) {
            drop(self.0.spans().continue_as("tidy"));
        }
    }
    let stage = Stage::new();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _tidy = Tidy(&stage);
        std::panic::resume_unwind(Box::new("as asked"));
    }));
    assert!(caught.is_err());
    assert_eq!(ended(&stage.span("tidy")), well("complete"));
}

/// Tells the span in which it is dropped, and whether that is still open.
struct Last(Arc<Mutex<Option<(SpanId, bool)>>>);

impl Drop for Last {
    fn drop(&mut self) {
        let context = Context::current();
        let span = context.span();
        *self.0.lock().unwrap() = Some((span.span_context().span_id(), span.is_recording()));
    }
}

#[tokio::test]
async fn what_is_dropped_with_the_work_is_dropped_within_its_open_span() {
    let stage = Stage::new();
    let last = Arc::new(Mutex::new(None));
    let guard = Last(Arc::clone(&last));
    drop(stage.spans().continue_as("cancelled").run(async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    }));
    assert_eq!(last.lock().unwrap().take(), Some((stage.span("cancelled").span_context.span_id(), true)));

    // What a future holds beside its state is dropped when it is over, too.
    let guard = Last(Arc::clone(&last));
    let mut polled = std::future::poll_fn(move |_| {
        let _held = &guard;
        std::task::Poll::Ready(())
    });
    stage
        .spans()
        .continue_as("over")
        .run(std::future::poll_fn(move |cx| Pin::new(&mut polled).poll(cx)))
        .await;
    assert_eq!(last.lock().unwrap().take(), Some((stage.span("over").span_context.span_id(), true)));
}
