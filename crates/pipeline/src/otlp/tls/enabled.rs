//! TLS by rustls, with the certificates of the system or those that the environment names.

use std::sync::Arc;

use http::uri::Scheme;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::pem;
use crate::error::InitError;
use crate::otlp::endpoint::{Endpoint, Protocol};
use crate::otlp::settings::own_or_all;
use crate::otlp::signal::{Signal, Variable};
use crate::settings::Environment;

/// What connects to a collector, with TLS where its address says so.
pub(crate) type Connector = HttpsConnector<HttpConnector>;

/// Whom to trust, and who to be.
#[derive(Clone, Debug)]
pub(crate) struct Tls(ClientConfig);

impl Tls {
    /// Whether an address may be `https://`.
    pub(crate) const SPOKEN: bool = true;

    /// Reads the files that the environment names. A plain connection needs none.
    pub(crate) fn of(
        environment: Environment,
        signal: Signal,
        endpoint: &Endpoint,
    ) -> Result<Self, InitError> {
        let encrypted = endpoint.uri.scheme() == Some(&Scheme::HTTPS);
        let named = |variable| own_or_all(environment, signal, variable).filter(|_| encrypted);
        let roots = match (encrypted, named(Variable::CERTIFICATE)) {
            (_, Some((variable, path))) => pem::roots(variable, path)?,
            (true, None) => of_the_system()?,
            (false, None) => RootCertStore::empty(),
        };
        // The provider is named: which one is the process's default is not for a library to say.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| InitError::Exporter(Box::new(error)))?
            .with_root_certificates(roots);
        let config = match (named(Variable::CLIENT_CERTIFICATE), named(Variable::CLIENT_KEY)) {
            (None, None) => config.with_no_client_auth(),
            (Some(certificate), Some(key)) => {
                let (variable, path) = key;
                let own = config.with_client_auth_cert(
                    pem::certificates(certificate.0, certificate.1)?,
                    pem::key(variable, path.clone())?,
                );
                own.map_err(|_| InitError::Environment {
                    variable,
                    value: path,
                    expected: "a key that goes with the client's certificate",
                })?
            }
            (Some((variable, value)), None) => {
                let expected = "a key beside it, in the variable that ends in _CLIENT_KEY";
                return Err(InitError::Environment { variable, value, expected });
            }
            (None, Some((variable, value))) => {
                let expected = "a certificate beside it, in the variable that ends in _CLIENT_CERTIFICATE";
                return Err(InitError::Environment { variable, value, expected });
            }
        };
        Ok(Self(config))
    }

    pub(crate) fn connector(self, protocol: Protocol) -> Connector {
        let Self(mut config) = self;
        config.alpn_protocols = match protocol {
            Protocol::Grpc => vec![b"h2".to_vec()],
            Protocol::HttpProtobuf => vec![b"http/1.1".to_vec()],
        };
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        HttpsConnector::from((connector, config))
    }
}

fn of_the_system() -> Result<RootCertStore, InitError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Systems keep certificates of old that rustls refuses; one that is left is enough.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = "this system has no certificates to trust: name a file of them in \
                   OTEL_EXPORTER_OTLP_CERTIFICATE";
        return Err(InitError::Exporter(why.into()));
    }
    Ok(roots)
}
