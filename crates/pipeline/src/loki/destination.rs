//! Where lines go, and as whom.

use std::fmt;

use http::header::AUTHORIZATION;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Uri};
use tower_telemetry_core::names::header;

use super::base64;
use super::environment;
use super::error::LokiError;
use super::settings::{Login, Loki};
use crate::error::InitError;
use crate::settings::Environment;
use crate::tls::Tls;

const PATH: &str = "/loki/api/v1/push";

/// The push API of a Loki.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) tls: Tls,
}

impl Destination {
    pub(crate) fn of(environment: Environment, loki: &Loki) -> Result<Self, InitError> {
        let uri = address(&loki.address)?;
        let mut headers = HeaderMap::new();
        if let Some(tenant) = &loki.tenant {
            headers.insert(header::X_SCOPE_ORG_ID, value("X-Scope-OrgID", tenant)?);
        }
        if let Some(login) = &loki.login {
            let text = match login {
                Login::Basic { user, password } => {
                    format!("Basic {}", base64::of(format!("{user}:{password}").as_bytes()))
                }
                Login::Bearer(token) => format!("Bearer {token}"),
            };
            let mut value = value("Authorization", &text)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => Tls::of(environment::files(environment))?,
            _ => Tls::none()?,
        };
        Ok(Self { uri, headers, tls })
    }
}

/// Without what may stand before the host: that would be a password.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { uri, .. } = self;
        write!(f, "{}://{}", uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default())?;
        if let Some(port) = uri.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(uri.path())
    }
}

fn address(text: &str) -> Result<Uri, LokiError> {
    let uri: Uri = text.trim().parse().map_err(|_| LokiError::Address)?;
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    if !has_host || !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(LokiError::Address);
    }
    if uri.scheme() == Some(&Scheme::HTTPS) && !Tls::SPOKEN {
        return Err(LokiError::WithoutTls);
    }
    // Before the host there may be a password, which is not for the request line: it has a setting of its own.
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(LokiError::Address);
    }
    let base = uri.path().trim_end_matches('/');
    let path = if base.ends_with(PATH) { base.to_owned() } else { format!("{base}{PATH}") };
    let mut parts = uri.into_parts();
    parts.path_and_query = PathAndQuery::try_from(path).ok();
    Uri::from_parts(parts).map_err(|_| LokiError::Address)
}

fn value(name: &'static str, text: &str) -> Result<HeaderValue, LokiError> {
    let is_visible = !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let value = HeaderValue::from_str(text).ok().filter(|_| is_visible);
    value.ok_or(LokiError::Header { name })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn of(loki: &Loki) -> Result<Destination, String> {
        Destination::of(Environment::of(|_| None), loki).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_gets_the_path_of_the_push_api_unless_it_has_it() {
        for (address, expected) in [
            ("http://loki:3100", "http://loki:3100/loki/api/v1/push"),
            ("http://loki:3100/", "http://loki:3100/loki/api/v1/push"),
            ("http://gateway/logs/", "http://gateway/logs/loki/api/v1/push"),
            ("http://loki/loki/api/v1/push", "http://loki/loki/api/v1/push"),
        ] {
            let destination = of(&Loki::to(address)).unwrap();
            assert_eq!(
                (destination.uri.to_string(), destination.to_string()),
                (expected.into(), expected.into())
            );
        }
    }

    #[test]
    fn what_is_no_address_is_an_error() {
        for wrong in ["", "loki:3100", "ftp://loki", "http://me:secret@loki", "http://"] {
            let error = of(&Loki::to(wrong)).unwrap_err();
            assert!(error.contains("http://localhost:3100") && !error.contains("secret"), "{error}");
        }
        #[cfg(not(feature = "loki-tls"))]
        assert!(of(&Loki::to("https://loki")).unwrap_err().contains("loki-tls") || Tls::SPOKEN);
    }

    #[test]
    fn the_tenant_and_the_login_are_headers() {
        let loki = Loki::to("http://loki").with_tenant("shop").with_basic_auth("Aladdin", "open sesame");
        let headers = of(&loki).unwrap().headers;
        assert_eq!(headers.get("x-scope-orgid").unwrap(), "shop");
        assert_eq!(headers.get("authorization").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let headers = of(&Loki::to("http://loki").with_bearer_token("abc")).unwrap().headers;
        assert_eq!(headers.get("authorization").unwrap(), "Bearer abc");
        assert!(of(&Loki::to("http://loki").with_tenant("a\nb")).unwrap_err().contains("X-Scope-OrgID"));
    }
}
