//! Routes at the edges of HTTP: what a body, a head or an end can be.

use std::{io, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Path, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use crate::socket;

/// Between the parts of a body: they shall not be one write.
const PAUSE: Duration = Duration::from_millis(20);

/// The application.
pub(crate) fn app() -> Router {
    Router::new()
        .route("/text", get(|| async { "text\n" }))
        .route("/empty", get(|| async { "" }))
        .route("/status/{code}", any(status))
        .route("/bytes/{count}", get(|Path(count): Path<usize>| async move { vec![b'x'; count] }))
        .route("/chunks/{count}", get(|Path(count)| async move { Body::new(StreamBody::new(chunks(count))) }))
        .route("/announced", get(announced))
        .route("/trailers", get(|| async { with_trailers(2) }))
        .route("/only-trailers", get(|| async { with_trailers(0) }))
        .route("/broken", get(broken))
        .route("/panic", get(panic))
        .route("/never", get(async || -> Response { std::future::pending().await }))
        .route("/never-ends", get(never_ends))
        .route("/echo", post(echo))
        .route("/count", post(count))
        .route("/deaf", post(|| async { "not read\n" }))
        .route("/fields", get(fields))
        .route("/large-head", get(large_head))
        .route("/switch", get(socket::switch))
        .route("/socket", any(socket::echo))
}

type Part = Result<Frame<Bytes>, io::Error>;

/// An answer with this status and, where one can have it, a body.
async fn status(Path(code): Path<u16>) -> Response {
    (StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST), "told\n").into_response()
}

fn chunks(count: usize) -> impl stream::Stream<Item = Part> + Send {
    stream::iter(0..count).then(async |number| {
        tokio::time::sleep(PAUSE).await;
        Ok(Frame::data(Bytes::from(format!("chunk {number}\n"))))
    })
}

/// Parts with a length that is known beforehand.
async fn announced() -> impl IntoResponse {
    ([(header::CONTENT_LENGTH, "24")], Body::new(StreamBody::new(chunks(3))))
}

fn with_trailers(chunk_count: usize) -> impl IntoResponse {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-check", HeaderValue::from_static("sum"));
    let end = stream::iter([Ok(Frame::trailers(trailers))]);
    ([(header::TRAILER, "x-check")], Body::new(StreamBody::new(chunks(chunk_count).chain(end))))
}

/// A body that breaks in the middle.
async fn broken() -> Body {
    Body::new(StreamBody::new(chunks(2).chain(stream::iter([Err(io::Error::other("as asked"))]))))
}

async fn panic() -> Response {
    // Without the hook: nobody has to read of it.
    std::panic::resume_unwind(Box::new("as asked"))
}

async fn never_ends() -> Body {
    Body::new(StreamBody::new(chunks(1).chain(stream::pending())))
}

/// What came in, frame by frame.
async fn echo(request: Request) -> Body {
    Body::new(request.into_body())
}

/// How many bytes came in, and how it ended.
async fn count(request: Request) -> String {
    let (mut body, mut bytes) = (request.into_body(), 0);
    loop {
        match body.frame().await {
            None => return format!("{bytes} bytes\n"),
            Some(Err(_)) => return format!("{bytes} bytes, then broken\n"),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => bytes += data.len(),
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    return format!("{bytes} bytes, then {} trailers\n", trailers.len());
                }
            },
        }
    }
}

/// The names of the request's fields, sorted; what the windows hand on inside is theirs.
async fn fields(headers: HeaderMap) -> String {
    let mut names: Vec<_> =
        headers.keys().map(|name| format!("{name} {}\n", headers.get_all(name).iter().count())).collect();
    names.sort_unstable();
    names.concat()
}

async fn large_head() -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    for number in 0..90_u16 {
        headers.append("x-many", HeaderValue::from(number));
    }
    let long = ("x-long", [b'y'; 8_000].as_slice());
    for (name, value) in [long, ("x-opaque", b"\xe9")] {
        headers
            .extend(HeaderValue::from_bytes(value).ok().map(|value| (HeaderName::from_static(name), value)));
    }
    (headers, "large\n")
}
