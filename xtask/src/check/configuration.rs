//! What can be chosen stands on the page on configuration.

use std::collections::BTreeSet;

use super::{Finding, sources};
use crate::{Result, workspace};

const PAGE: &str = "docs/configuration.md";
/// What the names of our variables begin with, of OpenTelemetry's and of Loki's.
const STARTS: &[&str] = &["LOKI_", "OTEL_", "TOWER_TELEMETRY_"];
/// Each of these has a variable of its own where all have one; the page says so once.
const SIGNALS: &[&str] = &["TRACES_", "METRICS_", "LOGS_"];

/// Each method of the builder and each variable that the page does not have.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let page = workspace::read(PAGE)?;
    let mut names = BTreeSet::new();
    for path in sources::paths()? {
        if path.starts_with("crates/") && path.contains("/src/") {
            let text = workspace::read(&path)?;
            names.extend(variables(&text).map(str::to_owned));
            if path.starts_with("crates/pipeline/") {
                names.extend(methods(&text).map(str::to_owned));
            }
        }
    }
    Ok(missing(names, &page))
}

fn missing(names: impl IntoIterator<Item = String>, page: &str) -> Vec<Finding> {
    let told = |name: &str| page.contains(&format!("`{name}`"));
    let of_all = |name: &str| SIGNALS.iter().find_map(|signal| Some(name.replace(find(name, signal)?, "")));
    let is_missing = |name: &String| !told(name) && !of_all(name).is_some_and(|name| told(&name));
    names.into_iter().filter(is_missing).map(|name| format!("{PAGE} does not tell of {name}")).collect()
}

fn find<'a>(name: &str, signal: &'a str) -> Option<&'a str> {
    name.contains(signal).then_some(signal)
}

/// The variables that a source names, as whole texts.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    let is_variable = |text: &&str| {
        let is_name = |byte| matches!(byte, b'A'..=b'Z' | b'_');
        // One that ends so is what variables begin with.
        STARTS.iter().any(|start| text.starts_with(start))
            && !text.ends_with('_')
            && text.bytes().all(is_name)
    };
    text.split('"').skip(1).step_by(2).filter(is_variable)
}

/// The methods by which the builder is told a choice.
fn methods(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.split("\nimpl TelemetryBuilder {\n").skip(1);
    let bodies = blocks.map(|block| block.split("\n}\n").next().unwrap_or_default());
    bodies.flat_map(str::lines).filter_map(|line| {
        let name = line.strip_prefix("    pub fn ")?.split(['(', '<']).next()?;
        (name.starts_with("with") || name == "public").then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_found_where_they_are_made() {
        let text = "struct A;\n\nimpl TelemetryBuilder {\n    pub fn with_a(self) {}\n    pub fn init(self) {}\n    \
                    pub fn without_b<T>(self) {}\n}\n\nimpl Other {\n    pub fn with_c(self) {}\n}\n";
        assert_eq!(methods(text).collect::<Vec<_>>(), ["with_a", "without_b"]);
        let text = "let a = \"OTEL_A_B\"; // \"OTEL_\" and \"OTEL_A=1\" and \"A_B\"";
        assert_eq!(variables(text).collect::<Vec<_>>(), ["OTEL_A_B"]);
    }

    #[test]
    fn what_the_page_does_not_tell_of_is_found() {
        let names = ["OTEL_X_ENDPOINT", "OTEL_X_LOGS_ENDPOINT", "with_a", "with_b"].map(str::to_owned);
        let found = missing(names, "`OTEL_X_ENDPOINT` and `with_a`");
        assert_eq!(found, ["docs/configuration.md does not tell of with_b"]);
    }
}
