//! TLS by rustls, with the certificates of the system or those that the environment names.

use std::sync::Arc;

use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};

use super::{Files, Speaks, pem};
use crate::error::InitError;

/// What connects to a server, with TLS where its address says so.
pub(crate) type Connector = HttpsConnector<HttpConnector>;

/// Whom to trust, and who to be.
#[derive(Clone, Debug)]
pub(crate) struct Tls(ClientConfig);

impl Tls {
    /// Whether an address may be `https://`.
    pub(crate) const SPOKEN: bool = true;

    /// Nobody: for a plain connection.
    pub(crate) fn none() -> Result<Self, InitError> {
        Ok(Self(trusting(RootCertStore::empty())?.with_no_client_auth()))
    }

    /// Reads the files.
    pub(crate) fn of(files: Files) -> Result<Self, InitError> {
        let Files { advice, roots, certificate, key } = files;
        let roots = match roots {
            Some((variable, path)) => pem::roots(variable, path)?,
            None => of_the_system(advice)?,
        };
        let config = trusting(roots)?;
        let config = match (certificate, key) {
            (None, None) => config.with_no_client_auth(),
            (Some(certificate), Some((variable, path))) => {
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
                let expected = "a key beside it, in the variable with _CLIENT_KEY in its name";
                return Err(InitError::Environment { variable, value, expected });
            }
            (None, Some((variable, value))) => {
                let expected = "a certificate beside it, in the variable with _CLIENT_CERT in its name";
                return Err(InitError::Environment { variable, value, expected });
            }
        };
        Ok(Self(config))
    }

    pub(crate) fn connector(self, speaks: Speaks) -> Connector {
        let Self(mut config) = self;
        config.alpn_protocols = match speaks {
            Speaks::Http1 => vec![b"http/1.1".to_vec()],
            Speaks::Http2 => vec![b"h2".to_vec()],
        };
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        HttpsConnector::from((connector, config))
    }
}

fn trusting(roots: RootCertStore) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, InitError> {
    // The provider is named: which one is the process's default is not for a library to say.
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| InitError::Exporter(Box::new(error)))?;
    Ok(config.with_root_certificates(roots))
}

fn of_the_system(advice: &str) -> Result<RootCertStore, InitError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Systems keep certificates of old that rustls refuses; one that is left is enough.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = format!("this system has no certificates to trust: name a file of them in {advice}");
        return Err(InitError::Exporter(why.into()));
    }
    Ok(roots)
}
