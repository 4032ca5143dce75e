//! What the table of names takes from the semantic conventions is what they say.
//!
//! `tests/data/semconv` holds the conventions' own model and, for what is stable, the constants of the release: the
//! model is from just before it, when those of RPC were not yet called stable.

mod bounds;
mod model;
mod release;
mod rules;

use tower_telemetry_core::names;

use super::Finding;
use crate::{Result, workspace};

/// Where the copies stand.
const DATA: &str = "tests/data/semconv";

const DEFINITIONS: &[&str] = &[
    "client/registry.yaml",
    "error/registry.yaml",
    "exceptions/registry.yaml",
    "http/metrics.yaml",
    "http/registry.yaml",
    "network/registry.yaml",
    "process/metrics.yaml",
    "process/registry.yaml",
    "rpc/metrics.yaml",
    "rpc/registry.yaml",
    "server/registry.yaml",
    "service/registry.yaml",
    "url/registry.yaml",
    "user-agent/registry.yaml",
];

const ADVICE: &[(&str, &[&str])] = &[
    ("docs/http/http-metrics.md", &["http.server.request.duration", "http.client.request.duration"]),
    ("docs/rpc/rpc-metrics.md", &["rpc.server.call.duration", "rpc.client.call.duration"]),
];

/// Each name that the conventions know otherwise or not at all.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let mut model = model::Model::default();
    for file in DEFINITIONS {
        model.read(&workspace::read(format!("{DATA}/model/{file}"))?);
    }
    // The folder bears the version: a new version of the table needs new copies.
    let release = format!("{DATA}/release-{}", names::CONVENTIONS);
    let attributes = workspace::read(format!("{release}/stable_attributes.mjs"))?;
    let release = release::Stable {
        attributes: release::constants(&attributes),
        prefixes: release::prefixes(&attributes),
        events: release::constants(&workspace::read(format!("{release}/experimental_events.mjs"))?),
        metrics: release::constants(&workspace::read(format!("{release}/stable_metrics.mjs"))?),
    };

    let entries = names::TABLE.iter().copied().flatten();
    let mut findings: Vec<_> = entries.filter_map(|entry| rules::finding(entry, &model, &release)).collect();

    if !names::SCHEMA_URL.ends_with(&format!("/{}", names::CONVENTIONS)) {
        findings.push(format!("{} is not the schema of {}", names::SCHEMA_URL, names::CONVENTIONS));
    }
    for (file, metrics) in ADVICE {
        let text = workspace::read(format!("{DATA}/{file}"))?;
        for metric in *metrics {
            let advised = bounds::advised(&text, metric)
                .ok_or_else(|| format!("{file} advises nothing for {metric}"))?;
            if advised != names::DURATION_BOUNDS {
                findings.push(format!("DURATION_BOUNDS differ from those advised for {metric}: {advised:?}"));
            }
        }
    }
    Ok(findings)
}
