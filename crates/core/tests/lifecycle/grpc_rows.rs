//! The endings of gRPC, where the status stands in the trailers or in a head without a body.

use std::io;

use tower_telemetry_core::Code;
use tower_telemetry_core::Ending::{Complete, Dropped, Failed, Panicked};
use tower_telemetry_core::Verdict::{CallerFault, Cancelled, ServiceFault};
use tower_telemetry_testing::{EndAnswer, SizeAnswer};

use crate::row::Caller::{LeavesBeforeTheHead, Polls, ReadsAll, ReadsOn, TakesTheHead};
use crate::row::{Answer, Ask, Body, Row, body, fields_of, post, reset, respond, respond_with, row, told};

fn call() -> Ask {
    post("application/grpc+proto")
}

/// A message of 3 bytes, then trailers with this status.
fn ending_with(status: &'static str) -> Body {
    message().trailers(fields_of(&[("grpc-status", status)]))
}

/// A message of 3 bytes, 8 with its prefix.
fn message() -> Body {
    body().data(&b"\0\0\0\0\x03abc"[..])
}

fn empty() -> Body {
    body().with_end(EndAnswer::Always)
}

pub(crate) fn rows() -> Vec<Row> {
    [statuses(), trailers_only(), without_status(), interrupted()].into_iter().flatten().collect()
}

fn statuses() -> Vec<Row> {
    let complete = |code| told(Complete, 200).sent(8).grpc(code);
    vec![
        row("OK in the trailers", call(), respond(200, ending_with("0")), ReadsAll, complete(Code::Ok)),
        row(
            "trailers that end the call, never polled to None",
            call(),
            respond(200, ending_with("0")),
            Polls(2),
            complete(Code::Ok),
        ),
        row(
            "INTERNAL in the trailers after a good head",
            call(),
            respond(200, ending_with("13")),
            ReadsAll,
            complete(Code::Internal).judged(ServiceFault, Some("INTERNAL")),
        ),
        row(
            "NOT_FOUND in the trailers",
            call(),
            respond(200, ending_with("5")),
            ReadsAll,
            complete(Code::NotFound).server(CallerFault, None).client(CallerFault, Some("NOT_FOUND")),
        ),
        row(
            "CANCELLED in the trailers",
            call(),
            respond(200, ending_with("1")),
            ReadsAll,
            complete(Code::Cancelled).server(Cancelled, None).client(Cancelled, Some("CANCELLED")),
        ),
        row(
            "a status that is no code",
            call(),
            respond(200, ending_with("ok")),
            ReadsAll,
            complete(Code::Unknown).judged(ServiceFault, Some("UNKNOWN")),
        ),
        row(
            "the trailers count where the head says otherwise",
            call(),
            respond_with(200, &[("grpc-status", "0")], ending_with("13")),
            ReadsAll,
            complete(Code::Internal).judged(ServiceFault, Some("INTERNAL")),
        ),
        row("polled after its end", call(), respond(200, ending_with("0")), ReadsOn, complete(Code::Ok)),
    ]
}

fn trailers_only() -> Vec<Row> {
    vec![
        row(
            "trailers-only",
            call(),
            respond_with(200, &[("grpc-status", "7")], empty()),
            TakesTheHead,
            told(Complete, 200)
                .grpc(Code::PermissionDenied)
                .server(CallerFault, None)
                .client(CallerFault, Some("PERMISSION_DENIED")),
        ),
        row(
            "trailers-only with a body that does not know its end",
            call(),
            respond_with(200, &[("grpc-status", "14")], body()),
            ReadsAll,
            told(Complete, 200).grpc(Code::Unavailable).judged(ServiceFault, Some("UNAVAILABLE")),
        ),
    ]
}

/// gRPC's mapping from HTTP holds where a peer answers without a gRPC status: never success.
fn without_status() -> Vec<Row> {
    let complete = |status: u16, code| told(Complete, status).grpc(code);
    vec![
        row(
            "no status after a good head",
            call(),
            respond(200, message()),
            ReadsAll,
            complete(200, Code::Unknown).sent(8).judged(ServiceFault, Some("UNKNOWN")),
        ),
        row(
            "no status in trailers that hold another field",
            call(),
            respond(200, message().trailers(fields_of(&[("grpc-message", "lost")]))),
            ReadsAll,
            complete(200, Code::Unknown).sent(8).judged(ServiceFault, Some("UNKNOWN")),
        ),
        row(
            "404 without status",
            call(),
            respond(404, empty()),
            TakesTheHead,
            complete(404, Code::Unimplemented).judged(ServiceFault, Some("UNIMPLEMENTED")),
        ),
        row(
            "503 without status",
            call(),
            respond(503, body().data("busy")),
            ReadsAll,
            complete(503, Code::Unavailable).sent(4).judged(ServiceFault, Some("UNAVAILABLE")),
        ),
        row(
            "401 without status",
            call(),
            respond(401, empty()),
            TakesTheHead,
            complete(401, Code::Unauthenticated)
                .server(CallerFault, None)
                .client(CallerFault, Some("UNAUTHENTICATED")),
        ),
    ]
}

fn interrupted() -> Vec<Row> {
    let cancelled = |status: Option<u16>| told(Dropped, status).grpc(Code::Cancelled).judged(Cancelled, None);
    let panicked =
        |status: Option<u16>| told(Panicked, status).grpc(Code::Unknown).judged(ServiceFault, Some("panic"));
    let broken = || respond(200, message().error(reset()));
    let unavailable = |status: Option<u16>| {
        told(Failed, status).grpc(Code::Unavailable).judged(ServiceFault, Some("UNAVAILABLE"))
    };
    vec![
        row("the future is dropped", call(), Answer::never(), LeavesBeforeTheHead, cancelled(None)),
        row("the stream is dropped", call(), respond(200, message()), Polls(1), cancelled(Some(200)).sent(8)),
        row(
            "the caller reads only the head",
            call(),
            respond(200, message()),
            TakesTheHead,
            cancelled(Some(200)),
        ),
        row(
            "all messages passed, but the trailers never came",
            call(),
            respond_with(200, &[("content-length", "8")], message().with_size(SizeAnswer::exactly(8))),
            Polls(1),
            cancelled(Some(200)).sent(8),
        ),
        row("a stream error", call(), broken(), ReadsAll, unavailable(Some(200)).sent(8)),
        row("a stream error, then polled again", call(), broken(), ReadsOn, unavailable(Some(200)).sent(8)),
        row("a service error", call(), Answer::error(reset()), ReadsAll, unavailable(None)),
        row(
            "a stream that breaks after OK in its head",
            call(),
            respond_with(200, &[("grpc-status", "0")], message().error(io::ErrorKind::OutOfMemory.into())),
            ReadsAll,
            told(Failed, 200)
                .sent(8)
                .grpc(Code::Unknown)
                .judged(ServiceFault, Some(std::any::type_name::<io::Error>())),
        ),
        row("a panic in call", call(), Answer::panic_in_call(), ReadsAll, panicked(None)),
        row("a panic in the future", call(), Answer::panic_in_future(), ReadsAll, panicked(None)),
        row(
            "a panic in the stream",
            call(),
            respond(200, message().panic()),
            ReadsAll,
            panicked(Some(200)).sent(8),
        ),
    ]
}
