//! What a library names in its manifest.

use super::Finding;
use crate::metadata::Package;

/// What belongs to the pipeline alone: exporters, their formats and their connections have one home.
const PIPELINE_ALONE: &[&str] =
    &["opentelemetry_sdk", "opentelemetry-otlp", "opentelemetry-proto", "hyper", "hyper-util"];
const PIPELINE: &str = "tower-telemetry-pipeline";

/// Each library that names what belongs to the pipeline.
pub(crate) fn findings(packages: &[Package]) -> Vec<Finding> {
    let others = packages.iter().filter(|package| package.is_library() && package.name != PIPELINE);
    others
        .flat_map(|package| {
            let wrong = package.dependencies.iter().filter(|name| PIPELINE_ALONE.contains(&name.as_str()));
            wrong.map(|name| format!("{} depends on {name}, which only {PIPELINE} may", package.name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, folder: &str, dependency: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: String::new(),
            folder: Some(folder.to_owned()),
            rust_version: None,
            dependencies: vec![dependency.to_owned()],
        }
    }

    #[test]
    fn exporters_belong_to_the_pipeline_and_to_programs() {
        assert!(findings(&[package(PIPELINE, "crates/pipeline", "opentelemetry_sdk")]).is_empty());
        assert!(findings(&[package("shop", "examples/shop", "opentelemetry_sdk")]).is_empty());
        assert!(findings(&[package("x", "crates/x", "opentelemetry")]).is_empty());
        assert_eq!(findings(&[package("x", "crates/x", "opentelemetry_sdk")]).len(), 1);
    }
}
