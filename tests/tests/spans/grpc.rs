//! gRPC and gRPC-Web, by outcome.

use std::io;

use http::HeaderMap;
use tower_telemetry::{Protocol, Route};
use tower_telemetry_testing::Reply;

use crate::scene::{Answer, Body, Drive, Scene, Told, answer, rpc_answer};

const METHOD: &str = "user.v1.UserService/GetUser";
const NAMES: [&str; 2] = [METHOD, "GRPC user.v1.UserService/GetUser"];
const BOTH: [Protocol; 2] = [Protocol::Grpc, Protocol::GrpcWeb];

/// Status, its name, the server's `error.type`, the verdict.
const CODES: [(u16, &str, bool, &str); 17] = [
    (0, "OK", false, "ok"),
    (1, "CANCELLED", false, "cancelled"),
    (2, "UNKNOWN", true, "service_fault"),
    (3, "INVALID_ARGUMENT", false, "caller_fault"),
    (4, "DEADLINE_EXCEEDED", true, "service_fault"),
    (5, "NOT_FOUND", false, "caller_fault"),
    (6, "ALREADY_EXISTS", false, "caller_fault"),
    (7, "PERMISSION_DENIED", false, "caller_fault"),
    (8, "RESOURCE_EXHAUSTED", false, "caller_fault"),
    (9, "FAILED_PRECONDITION", false, "caller_fault"),
    (10, "ABORTED", false, "caller_fault"),
    (11, "OUT_OF_RANGE", false, "caller_fault"),
    (12, "UNIMPLEMENTED", true, "service_fault"),
    (13, "INTERNAL", true, "service_fault"),
    (14, "UNAVAILABLE", true, "service_fault"),
    (15, "DATA_LOSS", true, "service_fault"),
    (16, "UNAUTHENTICATED", false, "caller_fault"),
];

fn get_user(protocol: Protocol, answer: impl Fn() -> Answer + 'static) -> Scene {
    Scene::grpc(protocol, METHOD, answer).of_route(Route::rpc(METHOD))
}

/// A message, with the length before it.
fn message() -> Body {
    Body::default().data(&b"\0\0\0\0\x02hi"[..])
}

/// The status where this protocol has it after a message.
fn after_a_message(protocol: Protocol, status: u16) -> Body {
    if protocol == Protocol::GrpcWeb {
        let text = format!("grpc-status: {status}\r\n");
        let length = u32::try_from(text.len()).unwrap().to_be_bytes();
        return message().data([&[0x80], &length[..], text.as_bytes()].concat());
    }
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", status.into());
    message().trailers(trailers)
}

fn check_code(scene: &Scene, (_, code, is_server_error, verdict): (u16, &str, bool, &str)) {
    let is_client_error = code != "OK";
    let told = |is_error| {
        let error = if is_error { code } else { "-" };
        format!("{METHOD} - {code} {error} complete {verdict}")
    };
    scene.check(&Told { names: NAMES, server: &told(is_server_error), client: &told(is_client_error) });
}

#[test]
fn each_status_in_the_trailers() {
    for protocol in BOTH {
        for row in CODES {
            let answer =
                move || Reply::response(rpc_answer(protocol, None, after_a_message(protocol, row.0)));
            check_code(&get_user(protocol, answer), row);
        }
    }
}

#[test]
fn each_status_in_a_head_without_a_message() {
    for protocol in BOTH {
        for row in CODES {
            let answer = move || Reply::response(rpc_answer(protocol, Some(row.0), Body::default()));
            check_code(&get_user(protocol, answer), row);
        }
    }
}

#[test]
fn no_status_is_no_success() {
    let unknown = format!("{METHOD} - UNKNOWN UNKNOWN complete service_fault");
    for protocol in BOTH {
        let answer = move || Reply::response(rpc_answer(protocol, None, message()));
        get_user(protocol, answer).check(&Told { names: NAMES, server: &unknown, client: &unknown });
    }
}

/// By the mapping of gRPC's own documents.
#[test]
fn without_a_status_that_of_http_is_read() {
    for (status, code, is_server_error, verdict) in [
        (400, "INTERNAL", true, "service_fault"),
        (401, "UNAUTHENTICATED", false, "caller_fault"),
        (403, "PERMISSION_DENIED", false, "caller_fault"),
        (404, "UNIMPLEMENTED", true, "service_fault"),
        (429, "UNAVAILABLE", true, "service_fault"),
        (502, "UNAVAILABLE", true, "service_fault"),
        (503, "UNAVAILABLE", true, "service_fault"),
        (504, "UNAVAILABLE", true, "service_fault"),
        (500, "UNKNOWN", true, "service_fault"),
    ] {
        for protocol in BOTH {
            let answer = move || Reply::response(answer(status, Body::default()));
            check_code(&get_user(protocol, answer), (0, code, is_server_error, verdict));
        }
    }
}

#[test]
fn a_method_that_nobody_knows_has_the_name_of_the_protocol() {
    for protocol in BOTH {
        let answer = move || Reply::response(rpc_answer(protocol, Some(12), Body::default()));
        Scene::grpc(protocol, "no.Such/Method", answer).check(&Told {
            names: ["grpc", "GRPC"],
            server: "_OTHER - UNIMPLEMENTED UNIMPLEMENTED complete service_fault",
            client: "_OTHER - UNIMPLEMENTED UNIMPLEMENTED complete service_fault",
        });
    }
}

fn both(scene: &Scene, told: &str) {
    let told = format!("{METHOD} {told}");
    scene.check(&Told { names: NAMES, server: &told, client: &told });
}

#[test]
fn a_call_that_is_given_up_is_cancelled_and_no_error() {
    for protocol in BOTH {
        let before = get_user(protocol, Reply::never).driven(Drive::DropCall);
        both(&before, "- CANCELLED - dropped cancelled");
        let streams = move || Reply::response(rpc_answer(protocol, None, message().stall()));
        let after = get_user(protocol, streams).driven(Drive::DropBody);
        both(&after, "- CANCELLED - dropped cancelled");
    }
}

#[test]
fn a_stream_that_breaks_is_unknown_with_the_name_of_its_error() {
    for protocol in BOTH {
        let breaks = move || {
            let body = message().error(io::Error::other("secret"));
            Reply::response(rpc_answer(protocol, None, body))
        };
        both(&get_user(protocol, breaks), "- UNKNOWN std::io::error::Error failed service_fault");
    }
}

#[test]
fn a_service_that_fails_has_the_status_of_its_error() {
    for protocol in BOTH {
        let refused = || Reply::error(io::ErrorKind::ConnectionRefused.into());
        both(&get_user(protocol, refused), "- UNAVAILABLE UNAVAILABLE failed service_fault");
        let late = || Reply::error(io::ErrorKind::TimedOut.into());
        both(&get_user(protocol, late), "- DEADLINE_EXCEEDED DEADLINE_EXCEEDED failed service_fault");
    }
}

#[test]
fn a_panic_is_unknown() {
    for protocol in BOTH {
        both(&get_user(protocol, Reply::panic_in_call), "- UNKNOWN panic panicked service_fault");
        both(&get_user(protocol, Reply::panic_in_future), "- UNKNOWN panic panicked service_fault");
        let body = move || Reply::response(rpc_answer(protocol, None, message().panic()));
        both(&get_user(protocol, body), "- UNKNOWN panic panicked service_fault");
    }
}
