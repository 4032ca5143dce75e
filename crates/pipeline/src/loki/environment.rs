//! What the environment says about Loki: the variables of Loki's own command line, where it has them.

use std::path::PathBuf;

use super::settings::{Login, Loki};
use crate::settings::Environment;
use crate::tls::Files;

const URL: &str = "LOKI_URL";
const ORG_ID: &str = "LOKI_ORG_ID";
const USERNAME: &str = "LOKI_USERNAME";
const PASSWORD: &str = "LOKI_PASSWORD";
const BEARER_TOKEN: &str = "LOKI_BEARER_TOKEN";
const SPOOL_DIR: &str = "LOKI_SPOOL_DIR";
const CA_CERT: &str = "LOKI_CA_CERT_PATH";
const CLIENT_CERT: &str = "LOKI_CLIENT_CERT_PATH";
const CLIENT_KEY: &str = "LOKI_CLIENT_KEY_PATH";

/// The settings: those of the environment over those of the code. `None` where neither names an address, or nothing is
/// to be exported.
pub(crate) fn settings(environment: Environment, code: Option<Loki>) -> Option<Loki> {
    if environment.is_true("OTEL_SDK_DISABLED") {
        return None;
    }
    let mut loki = match (environment.get(URL), code) {
        (Some(address), Some(code)) => Loki { address, ..code },
        (Some(address), None) => Loki::to(address),
        (None, code) => code?,
    };
    loki.tenant = environment.get(ORG_ID).or(loki.tenant);
    loki.spool = environment.get(SPOOL_DIR).map(PathBuf::from).or(loki.spool);
    let basic = || {
        let (user, password) = (environment.get(USERNAME)?, environment.get(PASSWORD).unwrap_or_default());
        Some(Login::Basic { user, password })
    };
    let login = environment.get(BEARER_TOKEN).map(Login::Bearer).or_else(basic);
    loki.login = login.or(loki.login);
    Some(loki)
}

/// The files that the environment names.
pub(crate) fn files(environment: Environment) -> Files {
    let named = |variable| environment.get(variable).map(|path| (variable, path));
    Files { advice: CA_CERT, roots: named(CA_CERT), certificate: named(CLIENT_CERT), key: named(CLIENT_KEY) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_the_environment_is_enough() {
        let empty = Environment::of(|_| None);
        assert!(settings(empty, None).is_none());
        let named = Environment::of(|name| (name == URL).then(|| "http://loki:3100".into()));
        assert_eq!(settings(named, None).unwrap().address, "http://loki:3100");
        assert!(settings(empty, Some(Loki::to("http://code"))).is_some());
    }

    #[test]
    fn the_environment_wins_over_the_code() {
        let all = Environment::of(|name| match name {
            URL => Some("http://environment".into()),
            ORG_ID => Some("tenant".into()),
            USERNAME => Some("user".into()),
            SPOOL_DIR => Some("/spool".into()),
            _ => None,
        });
        let code =
            Loki::to("http://code").with_tenant("code").with_bearer_token("code").with_label("team", "blue");
        let told = settings(all, Some(code)).unwrap();
        assert_eq!((told.address.as_str(), told.tenant.as_deref()), ("http://environment", Some("tenant")));
        assert_eq!((told.spool, told.labels.len()), (Some("/spool".into()), 1));
        assert!(
            matches!(told.login, Some(Login::Basic { user, password }) if user == "user" && password.is_empty())
        );
    }

    #[test]
    fn who_wants_no_export_gets_none() {
        let disabled = Environment::of(|name| match name {
            "OTEL_SDK_DISABLED" => Some("true".into()),
            name => (name == URL).then(|| "http://loki:3100".into()),
        });
        assert!(settings(disabled, Some(Loki::to("http://code"))).is_none());
    }
}
