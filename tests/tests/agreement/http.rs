use http::Method;
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower_telemetry_tests::{answer, soon};

use crate::stage::Stage;

/// One exchange whose answer is read to its end.
async fn check(method: Method, template: &'static str, server: &str, client: &str) {
    let stage = Stage::http().await;
    answer(stage.send(method, template).await).await;
    stage.agree(server, client).await;
}

#[tokio::test]
async fn a_good_answer_is_told_the_same() {
    let told = "/users/{id} 200 - - complete ok";
    check(Method::GET, "/users/{id}", told, told).await;
}

#[tokio::test]
async fn an_answer_to_head_is_told_the_same() {
    let told = "/users/{id} 200 - - complete ok";
    check(Method::HEAD, "/users/{id}", told, told).await;
}

#[tokio::test]
async fn a_path_without_a_route_is_told_the_same() {
    let (server, client) = ("- 404 - - complete caller_fault", "/no/such 404 - 404 complete caller_fault");
    check(Method::GET, "/no/such", server, client).await;
}

#[tokio::test]
async fn a_fault_of_the_caller_is_told_the_same() {
    let (server, client) = ("/bad 400 - - complete caller_fault", "/bad 400 - 400 complete caller_fault");
    check(Method::GET, "/bad", server, client).await;
}

#[tokio::test]
async fn a_method_that_is_not_allowed_is_told_the_same() {
    let (server, client) = ("/bad 405 - - complete caller_fault", "/bad 405 - 405 complete caller_fault");
    check(Method::DELETE, "/bad", server, client).await;
}

#[tokio::test]
async fn a_fault_of_the_service_is_told_the_same() {
    let told = "/fail 500 - 500 complete service_fault";
    check(Method::GET, "/fail", told, told).await;
}

#[tokio::test]
async fn an_answer_without_a_body_is_told_the_same() {
    check(Method::GET, "/empty", "/empty 204 - - complete ok", "/empty 204 - - complete ok").await;
}

#[tokio::test]
async fn an_unchanged_answer_is_told_the_same() {
    check(Method::GET, "/unchanged", "/unchanged 304 - - complete ok", "/unchanged 304 - - complete ok")
        .await;
}

#[tokio::test]
async fn a_panic_is_told_the_same() {
    let stage = Stage::http().await;
    soon(stage.request(Method::GET, "/panic")).await.expect_err("the connection is gone");
    let client = "/panic - - hyper_util::client::legacy::client::Error failed service_fault";
    stage.agree("/panic - - panic panicked service_fault", client).await;
}

#[tokio::test]
async fn a_cancel_before_the_head_is_told_the_same() {
    let stage = Stage::http().await;
    let call = tokio::spawn(stage.request(Method::GET, "/wait"));
    stage.rig.until_begun("server", 1).await;
    call.abort();
    stage.agree("/wait - - - dropped cancelled", "/wait - - - dropped cancelled").await;
}

#[tokio::test]
async fn a_body_that_breaks_is_told_the_same() {
    let stage = Stage::http().await;
    let response = stage.send(Method::GET, "/broken").await;
    soon(response.into_body().collect()).await.expect_err("the body breaks");
    let server = "/broken 200 - connection_reset failed service_fault";
    stage.agree(server, "/broken 200 - hyper::error::Error failed service_fault").await;
}

#[tokio::test]
async fn a_body_that_nobody_reads_on_is_told_the_same() {
    let stage = Stage::http().await;
    let mut response = stage.send(Method::GET, "/long").await;
    soon(response.body_mut().frame()).await.unwrap().unwrap();
    drop(response);
    // A client that has seen enough has its answer; its server was not done.
    stage.agree("/long 200 - - dropped cancelled", "/long 200 - - dropped ok").await;
}

#[tokio::test]
async fn a_reader_that_leaves_its_event_stream_is_told_the_same() {
    let stage = Stage::http().await;
    let mut response = stage.send(Method::GET, "/events").await;
    soon(response.body_mut().frame()).await.unwrap().unwrap();
    drop(response);
    stage.agree("/events 200 - - dropped ok", "/events 200 - - dropped ok").await;
}

#[tokio::test]
async fn an_upgrade_is_told_the_same_and_the_tunnel_works() {
    let stage = Stage::http().await;
    let response = stage.send(Method::GET, "/upgrade").await;
    let mut socket = TokioIo::new(soon(hyper::upgrade::on(response)).await.unwrap());
    socket.write_all(b"hello").await.unwrap();
    let mut heard = [0; 5];
    soon(socket.read_exact(&mut heard)).await.unwrap();
    assert_eq!(&heard, b"hello");
    stage.agree("/upgrade 101 - - upgraded ok", "/upgrade 101 - - upgraded ok").await;
}
