//! HTTP, by outcome.

use std::io;

use http::{Method, header};
use tower_telemetry::Route;
use tower_telemetry_testing::{Reply, Step};

use crate::scene::{Answer, Body, Drive, Scene, Told, answer};

const USER: Route = Route::template("/users/{id}");
const GET_USER: [&str; 2] = ["GET /users/{id}", "HTTP GET /users/{id}"];

fn user(answer: impl Fn() -> Answer + 'static) -> Scene {
    Scene::http(Method::GET, "/users/7", answer).of_route(USER)
}

fn says(status: u16) -> impl Fn() -> Answer {
    move || Reply::response(answer(status, Body::default().data("an answer")))
}

/// Both sides tell the same.
fn both(scene: &Scene, names: [&str; 2], told: &str) {
    scene.check(&Told { names, server: told, client: told });
}

#[test]
fn a_good_answer() {
    both(&user(says(200)), GET_USER, "/users/{id} 200 - - complete ok");
    both(&user(says(302)), GET_USER, "/users/{id} 302 - - complete ok");
}

#[test]
fn a_fault_of_the_caller_is_an_error_of_the_client_alone() {
    user(says(400)).check(&Told {
        names: GET_USER,
        server: "/users/{id} 400 - - complete caller_fault",
        client: "/users/{id} 400 - 400 complete caller_fault",
    });
}

#[test]
fn a_path_without_a_route_has_the_name_of_its_method() {
    Scene::http(Method::GET, "/no/such", says(404)).check(&Told {
        names: ["GET", "HTTP GET"],
        server: "- 404 - - complete caller_fault",
        client: "- 404 - 404 complete caller_fault",
    });
}

#[test]
fn a_fault_of_the_service() {
    both(&user(says(500)), GET_USER, "/users/{id} 500 - 500 complete service_fault");
    both(&user(says(503)), GET_USER, "/users/{id} 503 - 503 complete service_fault");
}

#[test]
fn a_method_that_nobody_knows_reads_http_in_the_name() {
    let method = || Method::from_bytes(b"PROPFIND").unwrap();
    let told = "/users/{id} 200 - - complete ok";
    let scene = Scene::http(method(), "/users/7", says(200)).of_route(USER);
    both(&scene, ["HTTP /users/{id}"; 2], told);
    both(&Scene::http(method(), "/no/such", says(200)), ["HTTP"; 2], "- 200 - - complete ok");
}

#[test]
fn a_method_of_the_newer_kind_is_known() {
    let scene = Scene::http(Method::from_bytes(b"QUERY").unwrap(), "/users/7", says(200)).of_route(USER);
    both(&scene, ["QUERY /users/{id}", "HTTP QUERY /users/{id}"], "/users/{id} 200 - - complete ok");
}

#[test]
fn a_call_that_is_given_up_before_its_head_is_no_error() {
    let scene = user(Reply::never).driven(Drive::DropCall);
    both(&scene, GET_USER, "/users/{id} - - - dropped cancelled");
}

#[test]
fn a_body_that_is_given_up_is_no_error() {
    let endless = || Reply::response(answer(200, Body::default().data("first").stall()));
    user(endless).driven(Drive::DropBody).check(&Told {
        names: GET_USER,
        server: "/users/{id} 200 - - dropped cancelled",
        client: "/users/{id} 200 - - dropped ok",
    });
}

#[test]
fn a_body_that_breaks_is_an_error_and_its_status_stands() {
    let breaks = || {
        let error = io::ErrorKind::ConnectionReset.into();
        Reply::response(answer(201, Body::default().data("first").error(error)))
    };
    both(&user(breaks), GET_USER, "/users/{id} 201 - connection_reset failed service_fault");
}

#[test]
fn a_service_that_fails_has_no_status() {
    let refused = || Reply::error(io::ErrorKind::ConnectionRefused.into());
    both(&user(refused), GET_USER, "/users/{id} - - connection_refused failed service_fault");
    let late = || Reply::error(io::ErrorKind::TimedOut.into());
    both(&user(late), GET_USER, "/users/{id} - - timeout failed service_fault");
}

#[test]
fn an_error_without_a_name_has_that_of_its_type() {
    let unknown = || Reply::error(io::Error::other("GET /users/7?token=secret failed"));
    both(&user(unknown), GET_USER, "/users/{id} - - std::io::error::Error failed service_fault");
}

#[test]
fn a_panic_is_an_error_wherever_it_is() {
    let told = "/users/{id} - - panic panicked service_fault";
    both(&user(Reply::panic_in_call), GET_USER, told);
    both(&user(Reply::panic_in_future), GET_USER, told);
    let body = || Reply::response(answer(200, Body::from_steps([Step::Data("first".into()), Step::Panic])));
    both(&user(body), GET_USER, "/users/{id} 200 - panic panicked service_fault");
}

#[test]
fn an_answer_without_a_body_is_complete() {
    let names = ["HEAD /users/{id}", "HTTP HEAD /users/{id}"];
    let length = || {
        let mut response = answer(200, Body::default());
        response.headers_mut().insert(header::CONTENT_LENGTH, 9.into());
        Reply::response(response)
    };
    let head = Scene::http(Method::HEAD, "/users/7", length).of_route(USER);
    both(&head, names, "/users/{id} 200 - - complete ok");
    both(&user(says(204)), GET_USER, "/users/{id} 204 - - complete ok");
    both(&user(says(304)), GET_USER, "/users/{id} 304 - - complete ok");
}

#[test]
fn an_upgrade_ends_at_its_head() {
    let switching = || Reply::response(answer(101, Body::default()));
    both(&user(switching), GET_USER, "/users/{id} 101 - - upgraded ok");
}
