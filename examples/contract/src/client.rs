//! The one who asks.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::{Instant, timeout};

use crate::answer::Answer;
use crate::ask::{Ask, Protocol};

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// An HTTP client, plain or over TLS, which follows no redirects.
#[derive(Debug, Clone)]
pub struct Client {
    client: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// There is no answer to judge.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// This machine's TLS cannot be set up.
    Tls(rustls::Error),
    /// The service was not reached, or broke off.
    Unreached(legacy::Error),
    /// It did not begin to answer within ten seconds.
    Late,
}

impl Client {
    /// A client for this protocol.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(protocol: Protocol) -> Result<Self, ClientError> {
        let mut roots = RootCertStore::empty();
        // Where the system has none, a service over TLS is refused when it is asked.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(ClientError::Tls)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_all_versions()
            .build();
        let client = legacy::Client::builder(TokioExecutor::new())
            .http2_only(protocol == Protocol::Grpc)
            .build(connector);
        Ok(Self { client })
    }

    /// Asks, with these headers, and gives the head of the answer. What follows is left unread: it may have no end.
    pub(crate) async fn ask(
        &self,
        ask: &Ask,
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<Answer, ClientError> {
        self.send(ask, headers, None).await
    }

    /// Asks for the head alone.
    pub(crate) async fn ask_head(&self, ask: &Ask) -> Result<Answer, ClientError> {
        self.send(ask, &[], Some(Method::HEAD)).await
    }

    async fn send(
        &self,
        ask: &Ask,
        headers: &[(HeaderName, HeaderValue)],
        method: Option<Method>,
    ) -> Result<Answer, ClientError> {
        let mut request = ask.request(headers);
        if let Some(method) = method {
            *request.method_mut() = method;
        }
        let sent = Instant::now();
        let answer = timeout(PATIENCE, self.client.request(request)).await;
        let answer = answer.map_err(|_late| ClientError::Late)?.map_err(ClientError::Unreached)?;
        Ok(Answer { status: answer.status(), took: sent.elapsed(), headers: answer.headers().clone() })
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls(_) => "TLS cannot be set up",
            Self::Unreached(_) => "the service was not reached",
            Self::Late => "the service did not begin to answer within ten seconds",
        })
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Tls(error) => Some(error),
            Self::Unreached(error) => Some(error),
            Self::Late => None,
        }
    }
}
