//! The endings of plain HTTP that cut an answer short, leave HTTP, or come from a body that lies.

use http::Method;
use tower_telemetry_core::Ending::{Complete, Dropped, Failed, Panicked, Upgraded};
use tower_telemetry_core::Verdict::{CallerFault, Cancelled, ServiceFault};
use tower_telemetry_testing::{EndAnswer, SizeAnswer};

use crate::http_rows::{LENGTH_6, six};
use crate::row::Caller::{LeavesAtOnce, LeavesBeforeTheHead, Polls, ReadsAll, ReadsOn, TakesTheHead};
use crate::row::{Answer, Row, ask, body, get, reset, respond, respond_with, row, told};

const EVENTS: (&str, &str) = ("content-type", "text/event-stream; charset=utf-8");

pub(crate) fn rows() -> Vec<Row> {
    [failures(), departures(), panics(), upgrades(), liars()].into_iter().flatten().collect()
}

fn failures() -> Vec<Row> {
    let broken = || respond(200, body().data("abc").error(reset()).data("more"));
    let failed = told(Failed, 200).sent(3).judged(ServiceFault, Some("connection_reset"));
    vec![
        row("a body error", get(), broken(), ReadsAll, failed),
        row("a body error, then dropped", get(), broken(), Polls(2), failed),
        row("a body error, then polled again", get(), broken(), ReadsOn, failed),
        row(
            "a body error before any byte",
            get(),
            respond(503, body().error(reset())),
            ReadsAll,
            told(Failed, 503).judged(ServiceFault, Some("connection_reset")),
        ),
        row(
            "a service error",
            get(),
            Answer::error(reset()),
            ReadsAll,
            told(Failed, None).judged(ServiceFault, Some("connection_reset")),
        ),
    ]
}

fn departures() -> Vec<Row> {
    vec![
        row(
            "the future is dropped before the head",
            get(),
            Answer::never(),
            LeavesBeforeTheHead,
            told(Dropped, None).judged(Cancelled, None),
        ),
        row(
            "the future is dropped before its first poll",
            get(),
            Answer::never(),
            LeavesAtOnce,
            told(Dropped, None).judged(Cancelled, None),
        ),
        row(
            "the body is dropped midway",
            get(),
            respond(200, six()),
            Polls(1),
            told(Dropped, 200).sent(3).server(Cancelled, None),
        ),
        row(
            "the body is dropped while it is pending",
            get(),
            respond(200, body().data("abc").stall()),
            ReadsAll,
            told(Dropped, 200).sent(3).server(Cancelled, None),
        ),
        row(
            "the body is dropped one byte short of its length",
            get(),
            respond_with(200, &[LENGTH_6], body().data("abcde").stall()),
            ReadsAll,
            told(Dropped, 200).sent(5).server(Cancelled, None),
        ),
        row(
            "the caller reads only the status",
            get(),
            respond(200, six()),
            TakesTheHead,
            told(Dropped, 200).server(Cancelled, None),
        ),
        row(
            "the caller reads only the status, which is a 404",
            get(),
            respond(404, six()),
            TakesTheHead,
            told(Dropped, 404).server(Cancelled, None).client(CallerFault, Some("404")),
        ),
        row(
            "the reader of an event stream leaves",
            get(),
            respond_with(200, &[EVENTS], body().data("data: 1\n\n").stall()),
            ReadsAll,
            told(Dropped, 200).sent(9),
        ),
        row(
            "the reader of an event stream leaves before its first event",
            get(),
            respond_with(200, &[("content-type", "Text/Event-Stream")], body().stall()),
            TakesTheHead,
            told(Dropped, 200),
        ),
        row(
            "a stream of a type that only begins like one",
            get(),
            respond_with(200, &[("content-type", "text/event-streams")], body().stall()),
            TakesTheHead,
            told(Dropped, 200).server(Cancelled, None),
        ),
    ]
}

fn panics() -> Vec<Row> {
    let panicked = |status: Option<u16>| told(Panicked, status).judged(ServiceFault, Some("panic"));
    vec![
        row("a panic in call", get(), Answer::panic_in_call(), ReadsAll, panicked(None)),
        row("a panic in the future", get(), Answer::panic_in_future(), ReadsAll, panicked(None)),
        row(
            "a panic in the body",
            get(),
            respond(200, body().data("abc").panic()),
            ReadsAll,
            panicked(Some(200)).sent(3),
        ),
        row(
            "a panic after all was sent",
            get(),
            respond_with(200, &[LENGTH_6], six().panic()),
            ReadsAll,
            told(Complete, 200).sent(6),
        ),
    ]
}

fn upgrades() -> Vec<Row> {
    vec![
        row("101", get(), respond(101, body()), TakesTheHead, told(Upgraded, 101)),
        row("101 whose empty body is read", get(), respond(101, body()), ReadsAll, told(Upgraded, 101)),
        row("CONNECT 200", ask(Method::CONNECT), respond(200, body()), TakesTheHead, told(Upgraded, 200)),
        row(
            "CONNECT 403",
            ask(Method::CONNECT),
            respond(403, six()),
            ReadsAll,
            told(Complete, 403).sent(6).server(CallerFault, None).client(CallerFault, Some("403")),
        ),
    ]
}

/// Bodies that lie about their end: what they gave until then counts, and the ending is told once all the same.
fn liars() -> Vec<Row> {
    vec![
        row(
            "a body that says it is over from the start",
            get(),
            respond(200, six().with_end(EndAnswer::Always)),
            ReadsAll,
            told(Complete, 200),
        ),
        row(
            "a body that says it is over after its first frame",
            get(),
            respond(200, six().with_end(EndAnswer::WithinLast(1))),
            ReadsAll,
            told(Complete, 200).sent(3),
        ),
        row(
            "a body that gives more than it announced",
            get(),
            respond(200, six().with_size(SizeAnswer::exactly(2))),
            ReadsAll,
            told(Complete, 200).sent(3),
        ),
        row(
            "a body that gives less than it announced",
            get(),
            respond_with(200, &[("content-length", "100")], six()),
            ReadsAll,
            told(Complete, 200).sent(6),
        ),
    ]
}
