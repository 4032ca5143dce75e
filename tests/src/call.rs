//! Callers of the servers.

use std::net::SocketAddr;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tonic::transport::{Channel, Endpoint};

use crate::server::Server;
use crate::until::soon;

/// The client of hyper-util, which is a tower service.
pub type PlainClient = Client<HttpConnector, Body>;

/// A response, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The trailers, if there were any.
    pub trailers: Option<HeaderMap>,
}

impl Answer {
    /// A header as text, if it is there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header is text"))
    }
}

/// An HTTP client that nobody observes.
#[derive(Debug, Clone)]
pub struct Caller {
    client: PlainClient,
    addr: SocketAddr,
}

impl Caller {
    /// An HTTP/1.1 client of this server.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        Self { client: Self::http1(), addr: server.addr }
    }

    /// An HTTP/2 client of this server.
    #[must_use]
    pub fn http2_of(server: &Server) -> Self {
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        Self { client, addr: server.addr }
    }

    /// An HTTP/1.1 client of any server, to lay layers around.
    #[must_use]
    pub fn http1() -> PlainClient {
        Client::builder(TokioExecutor::new()).build_http()
    }

    /// Sends a request, and gives the response with its body unread.
    ///
    /// # Errors
    /// Whatever hyper says.
    pub async fn send(
        &self,
        mut request: Request<Body>,
    ) -> Result<Response<hyper::body::Incoming>, hyper_util::client::legacy::Error> {
        *request.uri_mut() = format!("http://{}{}", self.addr, request.uri()).parse().expect("a URL");
        soon(self.client.request(request)).await
    }

    /// Sends a request, and reads the answer to its end.
    pub async fn call(&self, request: Request<Body>) -> Answer {
        answer(self.send(request).await.expect("a response")).await
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(request(Method::GET, path, &[])).await
    }

    /// Gets a path with these headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call(request(Method::GET, path, headers)).await
    }
}

/// A request without a body.
#[must_use]
pub fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().expect("a path");
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).expect("a name");
        request.headers_mut().append(name, HeaderValue::try_from(*value).expect("a value"));
    }
    request
}

/// Reads a response to its end.
pub async fn answer<B>(response: Response<B>) -> Answer
where
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    let (head, body) = response.into_parts();
    let body = soon(body.collect()).await.expect("a body");
    let trailers = body.trailers().cloned();
    Answer { status: head.status, headers: head.headers, body: body.to_bytes(), trailers }
}

/// A channel to this server, which connects at its first call.
#[must_use]
pub fn grpc(server: &Server) -> Channel {
    Endpoint::try_from(server.url("")).expect("a URL").connect_lazy()
}
