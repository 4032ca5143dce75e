//! What the lock file may pin once only.

use super::Finding;
use crate::metadata::Package;

/// Crates whose types meet: a second version means that one half of a program cannot speak to the other, or that
/// two globals hold what one should.
const ONCE: &[&str] = &[
    "axum",
    "axum-core",
    "http",
    "http-body",
    "hyper",
    "opentelemetry",
    "opentelemetry_sdk",
    "prost",
    "tokio",
    "tonic",
    "tower",
    "tower-http",
    "tower-layer",
    "tower-service",
    "tracing",
    "tracing-core",
    "tracing-subscriber",
];

/// Each of them that is there in more than one version.
pub(crate) fn findings(packages: &[Package]) -> Vec<Finding> {
    ONCE.iter()
        .filter_map(|once| {
            let same = packages.iter().filter(|package| package.name == *once);
            let versions: Vec<&str> = same.map(|package| package.version.as_str()).collect();
            (versions.len() > 1).then(|| format!("{once} is there more than once: {}", versions.join(", ")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            folder: None,
            rust_version: None,
            dependencies: Vec::new(),
        }
    }

    #[test]
    fn a_second_version_of_a_meeting_point_is_found() {
        let packages = [package("http", "1.5.0"), package("syn", "2.0.0"), package("syn", "3.0.0")];
        assert!(findings(&packages).is_empty());
        let packages = [package("http", "1.5.0"), package("http", "0.2.12")];
        assert_eq!(findings(&packages), ["http is there more than once: 1.5.0, 0.2.12"]);
    }
}
