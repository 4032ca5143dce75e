//! The endings of plain HTTP.

use http::Method;
use tower_telemetry_core::Ending::{Complete, Dropped, Failed, Panicked, Upgraded};
use tower_telemetry_core::Verdict::{CallerFault, Cancelled, ServiceFault};
use tower_telemetry_testing::{EndAnswer, SizeAnswer};

use crate::row::Caller::{LeavesAtOnce, LeavesBeforeTheHead, Polls, ReadsAll, ReadsOn, TakesTheHead};
use crate::row::{Answer, Body, Row, ask, body, fields_of, get, reset, respond, respond_with, row, told};

const LENGTH_6: (&str, &str) = ("content-length", "6");
const EVENTS: (&str, &str) = ("content-type", "text/event-stream; charset=utf-8");

/// Six bytes in two frames, of a stream that knows nothing of its end.
fn six() -> Body {
    body().data("abc").data("def")
}

pub(crate) fn rows() -> Vec<Row> {
    [completions(), bodiless(), failures(), departures(), panics(), upgrades(), liars()]
        .into_iter()
        .flatten()
        .collect()
}

fn completions() -> Vec<Row> {
    vec![
        row("complete by None", get(), respond(200, six()), ReadsAll, told(Complete, 200).sent(6)),
        row(
            "complete by None after pending polls",
            get(),
            respond(200, body().pending().data("abc").pending().data("def").pending()),
            ReadsAll,
            told(Complete, 200).sent(6),
        ),
        row(
            "complete by trailers, never polled to None",
            get(),
            respond(200, six().trailers(fields_of(&[("x-checksum", "1")]))),
            Polls(3),
            told(Complete, 200).sent(6),
        ),
        row(
            "complete by is_end_stream after a frame",
            get(),
            respond(200, six().with_end(EndAnswer::Eager)),
            Polls(2),
            told(Complete, 200).sent(6),
        ),
        row(
            "complete by exact content-length, never polled to None",
            get(),
            respond_with(200, &[LENGTH_6], six()),
            Polls(2),
            told(Complete, 200).sent(6),
        ),
        row(
            "complete by exact size_hint, never polled to None",
            get(),
            respond(200, six().with_size(SizeAnswer::exactly(6))),
            Polls(2),
            told(Complete, 200).sent(6),
        ),
        row(
            "content-length counts where size_hint says otherwise",
            get(),
            respond_with(200, &[LENGTH_6], six().with_size(SizeAnswer::exactly(7))),
            Polls(2),
            told(Complete, 200).sent(6),
        ),
        row(
            "a content-length that is no number leaves the size_hint",
            get(),
            respond_with(200, &[("content-length", "6, 6")], six().with_size(SizeAnswer::exactly(6))),
            Polls(2),
            told(Complete, 200).sent(6),
        ),
        row("polled after its end", get(), respond(200, six()), ReadsOn, told(Complete, 200).sent(6)),
        row(
            "a redirect is a good answer",
            get(),
            respond(302, body().with_end(EndAnswer::Always)),
            TakesTheHead,
            told(Complete, 302),
        ),
        row(
            "a caller's fault",
            get(),
            respond(404, six()),
            ReadsAll,
            told(Complete, 404).sent(6).server(CallerFault, None).client(CallerFault, Some("404")),
        ),
        row(
            "a service's fault",
            get(),
            respond(500, six()),
            ReadsAll,
            told(Complete, 500).sent(6).judged(ServiceFault, Some("500")),
        ),
        row(
            "a method that nobody knows",
            ask(Method::from_bytes(b"SPEAK").unwrap()),
            respond(200, six()),
            ReadsAll,
            told(Complete, 200).sent(6),
        ),
    ]
}

/// Exchanges that end at the head: nobody polls their body.
fn bodiless() -> Vec<Row> {
    vec![
        row(
            "an empty body",
            get(),
            respond(200, body().with_end(EndAnswer::Always)),
            TakesTheHead,
            told(Complete, 200),
        ),
        row(
            "an empty body that says so by its size alone",
            get(),
            respond(200, body().with_size(SizeAnswer::Remaining)),
            TakesTheHead,
            told(Complete, 200),
        ),
        row(
            "HEAD, with a body that announces bytes",
            ask(Method::HEAD),
            respond_with(200, &[LENGTH_6], six().with_size(SizeAnswer::Remaining)),
            TakesTheHead,
            told(Complete, 200),
        ),
        row("204", get(), respond(204, body()), TakesTheHead, told(Complete, 204)),
        row("304", get(), respond(304, body()), TakesTheHead, told(Complete, 304)),
        row(
            "304, with a length and a body",
            get(),
            respond_with(304, &[LENGTH_6], six()),
            TakesTheHead,
            told(Complete, 304),
        ),
        row(
            "content-length 0",
            get(),
            respond_with(200, &[("content-length", "0")], body()),
            TakesTheHead,
            told(Complete, 200),
        ),
        row(
            "an empty body that is polled all the same",
            get(),
            respond(200, body().with_end(EndAnswer::Always)),
            ReadsOn,
            told(Complete, 200),
        ),
        row(
            "an empty 500",
            get(),
            respond(500, body().with_end(EndAnswer::Always)),
            TakesTheHead,
            told(Complete, 500).judged(ServiceFault, Some("500")),
        ),
    ]
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
