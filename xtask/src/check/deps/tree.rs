//! What comes along with a crate, directly or not.

use std::collections::BTreeSet;

use super::Finding;
use crate::{
    Result,
    process::{self, cargo},
};

/// Everything that the core brings to its user when no feature is asked for. A new line here is a decision.
const CORE: &[&str] = &[
    "bytes",
    "http",
    "http-body",
    // Of http, for status codes as text.
    "itoa",
    "pin-project-lite",
    "tower-layer",
    "tower-service",
];

/// Beginnings of names that the core may not even test with: it is what they all build on.
const NOT_IN_CORE: &[&str] = &["tokio", "tracing", "opentelemetry", "prometheus"];

/// Windows that do not speak OpenTelemetry's types, which break every few months, with the features of which that
/// holds. A bridge of the metrics speaks them, to those who ask for it.
const WITHOUT_OPENTELEMETRY: &[(&str, &[&str])] = &[
    ("tower-telemetry-metrics", &["--features", "prometheus"]),
    ("tower-telemetry-request-id", &["--all-features"]),
    ("tower-telemetry-log", &["--all-features"]),
    ("tower-telemetry-core", &["--all-features"]),
];

/// What that bridge may not bring even so: it speaks the API alone.
const NOT_IN_BRIDGES: &[&str] = &["opentelemetry_sdk", "opentelemetry-", "tracing-opentelemetry", "protobuf"];

/// Each package in a tree where it may not be.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    const NAME: &str = "tower-telemetry-core";
    let mut findings = golden(NAME, &tree(NAME, &["--edges", "normal"])?, CORE);
    let all = tree(NAME, &["--edges", "normal,build,dev"])?;
    findings.extend(without(NAME, &all, NOT_IN_CORE));
    for (package, features) in WITHOUT_OPENTELEMETRY {
        let all = tree(package, &[&["--edges", "normal,build"], *features].concat())?;
        findings.extend(without(package, &all, &["opentelemetry", "tracing-opentelemetry"]));
    }
    const BRIDGES: &str = "tower-telemetry-metrics";
    let all = tree(BRIDGES, &["--edges", "normal,build", "--all-features"])?;
    findings.extend(without(BRIDGES, &all, NOT_IN_BRIDGES));
    Ok(findings)
}

/// The names of all packages below this one, on every target, itself left out.
fn tree(package: &str, options: &[&str]) -> Result<BTreeSet<String>> {
    let mut tree = cargo(["tree", "--locked", "--package", package, "--target", "all", "--prefix", "none"]);
    let text = process::stdout(tree.args(["--format", "{p}"]).args(options))?;
    let names = text.lines().filter_map(|line| line.split_whitespace().next());
    Ok(names.filter(|name| *name != package).map(str::to_owned).collect())
}

fn golden(package: &str, found: &BTreeSet<String>, allowed: &[&str]) -> Vec<Finding> {
    let allowed: BTreeSet<String> = allowed.iter().copied().map(str::to_owned).collect();
    let more =
        found.difference(&allowed).map(|name| format!("{package} brings {name}, which is not on its list"));
    let less = allowed
        .difference(found)
        .map(|name| format!("{package} no longer brings {name}: strike it off its list"));
    more.chain(less).collect()
}

fn without(package: &str, found: &BTreeSet<String>, starts: &[&str]) -> Vec<Finding> {
    let bad = found.iter().filter(|name| starts.iter().any(|start| name.starts_with(start)));
    bad.map(|name| format!("{package} may not know {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().copied().map(str::to_owned).collect()
    }

    #[test]
    fn the_golden_list_is_exact() {
        assert!(golden("a", &names(&["http", "bytes"]), &["bytes", "http"]).is_empty());
        assert_eq!(golden("a", &names(&["http", "tokio"]), &["http", "bytes"]).len(), 2);
    }

    #[test]
    fn a_family_of_crates_is_known_by_the_beginning_of_its_name() {
        let found = names(&["opentelemetry_sdk", "http", "tokio-util"]);
        assert_eq!(without("a", &found, &["opentelemetry", "tokio"]).len(), 2);
    }
}
