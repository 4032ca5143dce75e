//! Certificates and keys in files.

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::InitError;

/// Those that may sign the certificate of a collector.
pub(crate) fn roots(variable: &'static str, path: String) -> Result<RootCertStore, InitError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(variable, path.clone())? {
        roots.add(certificate).map_err(|_| unusable(variable, path.clone()))?;
    }
    Ok(roots)
}

/// A certificate, with those that lead to one that is trusted.
pub(crate) fn certificates(
    variable: &'static str,
    path: String,
) -> Result<Vec<CertificateDer<'static>>, InitError> {
    let read = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(unusable(variable, path)),
    }
}

/// A private key.
pub(crate) fn key(variable: &'static str, path: String) -> Result<PrivateKeyDer<'static>, InitError> {
    PrivateKeyDer::from_pem_file(&path).map_err(|_| InitError::Environment {
        variable,
        value: path,
        expected: "the path of a file with a private key in PEM",
    })
}

fn unusable(variable: &'static str, path: String) -> InitError {
    let expected = "the path of a file with certificates in PEM";
    InitError::Environment { variable, value: path, expected }
}
