//! The endings of plain HTTP at which the whole answer was given.

use http::Method;
use tower_telemetry_core::Ending::Complete;
use tower_telemetry_core::Verdict::{CallerFault, ServiceFault};
use tower_telemetry_testing::{EndAnswer, SizeAnswer};

use crate::http_cut_rows;
use crate::row::Caller::{Polls, ReadsAll, ReadsOn, TakesTheHead};
use crate::row::{Body, Row, ask, body, fields_of, get, respond, respond_with, row, told};

pub(crate) const LENGTH_6: (&str, &str) = ("content-length", "6");

/// Six bytes in two frames, of a stream that knows nothing of its end.
pub(crate) fn six() -> Body {
    body().data("abc").data("def")
}

pub(crate) fn rows() -> Vec<Row> {
    [completions(), bodiless(), http_cut_rows::rows()].into_iter().flatten().collect()
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
