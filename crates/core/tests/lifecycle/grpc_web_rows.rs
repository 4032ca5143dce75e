//! The endings of gRPC-Web, where the trailers are the last frame of the body.

use tower_telemetry_core::Code;
use tower_telemetry_core::Ending::{Complete, Dropped, Failed, Panicked};
use tower_telemetry_core::Verdict::{CallerFault, Cancelled, ServiceFault};
use tower_telemetry_testing::EndAnswer;

use crate::row::Caller::{LeavesBeforeTheHead, Polls, ReadsAll, ReadsOn, TakesTheHead};
use crate::row::{Answer, Ask, Body, Row, body, post, reset, respond, respond_with, row, told};

const BINARY: (&str, &str) = ("content-type", "application/grpc-web+proto");
const TEXT: (&str, &str) = ("content-type", "application/grpc-web-text+proto");

/// 8 bytes: a message of 3 with its prefix.
const MESSAGE: &[u8] = b"\0\0\0\0\x03abc";
/// 21 bytes: the trailers with NOT_FOUND.
const NOT_FOUND: &[u8] = b"\x80\0\0\0\x10grpc-status: 5\r\n";
/// 20 bytes: the trailers with OK.
const OK: &[u8] = b"\x80\0\0\0\x0fgrpc-status:0\r\n";
/// `MESSAGE` and `NOT_FOUND`, each encoded by itself: 12 and 28 bytes.
const MESSAGE_TEXT: &str = "AAAAAANhYmM=";
const NOT_FOUND_TEXT: &str = "gAAAABBncnBjLXN0YXR1czogNQ0K";

fn call() -> Ask {
    post("application/grpc-web+proto")
}

fn text_call() -> Ask {
    post("application/grpc-web-text+proto")
}

fn message() -> Body {
    body().data(MESSAGE)
}

pub(crate) fn rows() -> Vec<Row> {
    [statuses(), without_status(), interrupted()].into_iter().flatten().collect()
}

fn statuses() -> Vec<Row> {
    let not_found = told(Complete, 200)
        .grpc(Code::NotFound)
        .server(CallerFault, None)
        .client(CallerFault, Some("NOT_FOUND"));
    vec![
        row(
            "OK in the trailer frame",
            call(),
            respond_with(200, &[BINARY], message().data(OK)),
            ReadsAll,
            told(Complete, 200).sent(28).grpc(Code::Ok),
        ),
        row(
            "a trailer frame that ends the call, never polled to None",
            call(),
            respond_with(200, &[BINARY], message().data(NOT_FOUND)),
            Polls(2),
            not_found.sent(29),
        ),
        row(
            "a trailer frame cut in two",
            call(),
            respond_with(200, &[BINARY], message().data(&NOT_FOUND[..9]).data(&NOT_FOUND[9..])),
            ReadsAll,
            not_found.sent(29),
        ),
        row(
            "a trailer frame in base64",
            text_call(),
            respond_with(200, &[TEXT], body().data(MESSAGE_TEXT).data(NOT_FOUND_TEXT)),
            Polls(2),
            not_found.sent(40),
        ),
        row(
            "trailers-only",
            call(),
            respond_with(200, &[BINARY, ("grpc-status", "5")], body().with_end(EndAnswer::Always)),
            TakesTheHead,
            not_found,
        ),
        row(
            "polled after its end",
            call(),
            respond_with(200, &[BINARY], message().data(NOT_FOUND)),
            ReadsOn,
            not_found.sent(29),
        ),
    ]
}

fn without_status() -> Vec<Row> {
    vec![
        row(
            "no trailer frame",
            call(),
            respond_with(200, &[BINARY], message()),
            ReadsAll,
            told(Complete, 200).sent(8).grpc(Code::Unknown).judged(ServiceFault, Some("UNKNOWN")),
        ),
        row(
            "503 of a proxy that speaks no gRPC",
            call(),
            respond_with(503, &[("content-type", "text/html")], body().data("<h1>")),
            ReadsAll,
            told(Complete, 503).sent(4).grpc(Code::Unavailable).judged(ServiceFault, Some("UNAVAILABLE")),
        ),
    ]
}

fn interrupted() -> Vec<Row> {
    let cancelled = |status: Option<u16>| told(Dropped, status).grpc(Code::Cancelled).judged(Cancelled, None);
    vec![
        row("the future is dropped", call(), Answer::never(), LeavesBeforeTheHead, cancelled(None)),
        row(
            "the stream is dropped within the trailer frame",
            call(),
            respond_with(200, &[BINARY], message().data(&NOT_FOUND[..20]).stall()),
            ReadsAll,
            cancelled(Some(200)).sent(28),
        ),
        row(
            "a stream error",
            call(),
            respond_with(200, &[BINARY], message().error(reset())),
            ReadsAll,
            told(Failed, 200).sent(8).grpc(Code::Unavailable).judged(ServiceFault, Some("UNAVAILABLE")),
        ),
        row(
            "a service error",
            call(),
            Answer::error(reset()),
            ReadsAll,
            told(Failed, None).grpc(Code::Unavailable).judged(ServiceFault, Some("UNAVAILABLE")),
        ),
        row(
            "a panic in the stream",
            call(),
            respond(200, message().panic()),
            ReadsAll,
            told(Panicked, 200).sent(8).grpc(Code::Unknown).judged(ServiceFault, Some("panic")),
        ),
        row(
            "a panic in call",
            call(),
            Answer::panic_in_call(),
            ReadsAll,
            told(Panicked, None).grpc(Code::Unknown).judged(ServiceFault, Some("panic")),
        ),
    ]
}
