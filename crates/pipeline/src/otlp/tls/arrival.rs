//! Requests to collectors that speak TLS, and to those that should not be trusted.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::WebPkiClientVerifier;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower_telemetry_core::names::header;

use crate::InitError;
use crate::otlp::endpoint::{Endpoint, Protocol};
use crate::otlp::receiver::destination;
use crate::otlp::settings::Destination;
use crate::otlp::signal::Signal;
use crate::otlp::transport::Transport;
use crate::settings::Environment;
use crate::tls::{Tls, pem};

macro_rules! fixture {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/src/otlp/tls/fixtures/", $name)
    };
}

const AUTHORITY: &str = fixture!("authority.pem");
const CLIENT: &str = fixture!("client.pem");
const CLIENT_KEY: &str = fixture!("client.key.pem");

type Read = fn(&'static str) -> Option<String>;

/// A collector that wants a client's certificate, and answers each request with its body.
async fn collector(protocol: Protocol) -> SocketAddr {
    let roots = Arc::new(pem::roots("", AUTHORITY.into()).unwrap());
    let provider = Arc::new(ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider)).build().unwrap();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(
            pem::certificates("", fixture!("server.pem").into()).unwrap(),
            pem::key("", fixture!("server.key.pem").into()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = match protocol {
        Protocol::Grpc => vec![b"h2".to_vec()],
        Protocol::HttpProtobuf => vec![b"http/1.1".to_vec()],
    };
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let (stream, answer) = (TokioIo::new(stream), service_fn(echo));
            match protocol {
                Protocol::Grpc => drop(tokio::spawn(
                    http2::Builder::new(TokioExecutor::new()).serve_connection(stream, answer),
                )),
                Protocol::HttpProtobuf => {
                    drop(tokio::spawn(http1::Builder::new().serve_connection(stream, answer)));
                }
            }
        }
    });
    addr
}

async fn echo(request: http::Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    assert!(request.uri().scheme_str().is_none_or(|scheme| scheme == "https"));
    let body = request.into_body().collect().await?.to_bytes();
    // Over gRPC a message is framed, both ways; without trailers the status stands in the head.
    let response = Response::builder().header(header::GRPC_STATUS, "0");
    Ok(response.body(Full::new(body)).unwrap_or_default())
}

fn endpoint(protocol: Protocol, addr: SocketAddr) -> Endpoint {
    Endpoint { protocol, uri: format!("https://localhost:{}/v1/traces", addr.port()).parse().unwrap() }
}

fn tls(read: Read) -> Result<Tls, InitError> {
    let addr = SocketAddr::from(([127, 0, 0, 1], 1));
    super::of(Environment::of(read), Signal::Traces, &endpoint(Protocol::Grpc, addr))
}

async fn send(protocol: Protocol, addr: SocketAddr, read: Read) -> Result<Bytes, String> {
    let destination = Destination {
        endpoint: endpoint(protocol, addr),
        tls: tls(read).unwrap(),
        ..destination(Signal::Traces, protocol, addr)
    };
    let answer = Transport::new(Signal::Traces, destination).send(Bytes::from_static(b"spans")).await;
    answer.map_err(|failure| failure.to_string())
}

#[tokio::test]
async fn a_collector_with_tls_gets_what_is_sent() {
    for protocol in [Protocol::Grpc, Protocol::HttpProtobuf] {
        let addr = collector(protocol).await;
        let answer = send(protocol, addr, |name| match name {
            "OTEL_EXPORTER_OTLP_CERTIFICATE" => Some(AUTHORITY.into()),
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" => Some(CLIENT.into()),
            "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY" => Some(CLIENT_KEY.into()),
            _ => None,
        });
        assert_eq!(answer.await, Ok(Bytes::from_static(b"spans")), "{protocol:?}");
    }
}

#[tokio::test]
async fn a_collector_that_nobody_vouches_for_gets_nothing() {
    for protocol in [Protocol::Grpc, Protocol::HttpProtobuf] {
        let addr = collector(protocol).await;
        let answer = send(protocol, addr, |name| match name {
            // A certificate that has not signed the collector's.
            "OTEL_EXPORTER_OTLP_CERTIFICATE" => Some(CLIENT.into()),
            _ => None,
        });
        let error = answer.await.unwrap_err();
        assert!(error.contains("certificate"), "{protocol:?}: {error}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_that_names_its_variable() {
    let checks: [(Read, &str); 4] = [
        (
            |name| (name == "OTEL_EXPORTER_OTLP_CERTIFICATE").then(|| "/nowhere.pem".into()),
            "OTEL_EXPORTER_OTLP_CERTIFICATE=\"/nowhere.pem\"",
        ),
        (
            |name| (name == "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE").then(|| CLIENT_KEY.into()),
            "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE=",
        ),
        (
            |name| match name {
                "OTEL_EXPORTER_OTLP_CERTIFICATE" => Some(AUTHORITY.into()),
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" => Some(CLIENT.into()),
                _ => None,
            },
            "_CLIENT_KEY",
        ),
        (
            |name| match name {
                "OTEL_EXPORTER_OTLP_CERTIFICATE" => Some(AUTHORITY.into()),
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" => Some(CLIENT.into()),
                "OTEL_EXPORTER_OTLP_CLIENT_KEY" => Some(fixture!("server.key.pem").into()),
                _ => None,
            },
            "goes with",
        ),
    ];
    for (read, told) in checks {
        let error = tls(read).map(drop).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}
