//! `docs/names.md`, the reference of names, made from the table in the core.

mod exposition;

use std::fmt::Write as _;

use tower_telemetry_core::names::{self, Entry, Instrument, Kind, Metric, Origin};

use crate::{Result, workspace};

/// Where the reference stands.
pub(crate) const PATH: &str = "docs/names.md";

/// Writes the reference anew.
///
/// # Errors
///
/// The file cannot be written.
pub(crate) fn write() -> Result {
    std::fs::write(workspace::path(PATH), markdown()?)?;
    println!("{PATH} is written");
    Ok(())
}

/// The reference as Markdown.
///
/// # Errors
///
/// A metric of the table cannot be exposed.
pub(crate) fn markdown() -> Result<String> {
    let mut text = format!(
        "<!-- Made by `cargo xtask names --write` from crates/core/src/names.rs: change it there. -->\n\
         # Names\n\n\
         Every metric, attribute, log field and header. They are API: a change of one is a breaking change.\n\n\
         Those of the OpenTelemetry semantic conventions are at version {} (<{}>), stable or in development as the\n\
         column *from* says; *common* names come from other standards or wide use, *own* ones from this project. Where\n\
         a value is not known (a method, an error, a host), `{}` stands for it.\n",
        names::CONVENTIONS,
        names::SCHEMA_URL,
        names::OTHER,
    );
    for entries in names::TABLE {
        let Some(first) = entries.first() else { continue };
        let (heading, introduction) = heading(first.kind);
        write!(text, "\n## {heading}\n\n{introduction}\n\n")?;
        if first.kind == Kind::Metric {
            metrics(&mut text, entries)?;
        } else {
            others(&mut text, entries)?;
        }
    }
    Ok(text)
}

fn heading(kind: Kind) -> (&'static str, String) {
    match kind {
        Kind::Metric => {
            let bounds: Vec<String> = names::DURATION_BOUNDS.iter().map(f64::to_string).collect();
            let introduction = format!(
                "The upper bounds of durations, in seconds: {}. What goes up and down is a gauge for Prometheus.",
                bounds.join(", ")
            );
            ("Metrics", introduction)
        }
        Kind::Attribute => ("Attributes", "Of spans, and labels of metrics with `_` for `.`.".to_owned()),
        Kind::ResourceAttribute => (
            "Attributes of the resource",
            "Who tells: the resource of everything that OTLP exports, and the labels of `target_info`."
                .to_owned(),
        ),
        Kind::AttributePrefix => (
            "Attributes of captured headers",
            "Each is followed by `.` and the name of a header in lower case. None is captured unless listed."
                .to_owned(),
        ),
        Kind::Event => ("Events", "Log records with a name, and events of spans.".to_owned()),
        Kind::Field => ("Log fields", "Keys of a JSON log line.".to_owned()),
        Kind::Loki => ("In Loki", "Labels of a stream, and structured metadata of a line.".to_owned()),
        Kind::Header => ("Headers", "Of requests and responses.".to_owned()),
        Kind::ErrorType => (
            "Values of `error.type`",
            "Beside HTTP status codes (`503`), gRPC codes (`UNAVAILABLE`) and names of error types."
                .to_owned(),
        ),
        _ => ("Others", "Of a kind that this reference does not know yet.".to_owned()),
    }
}

fn metrics(text: &mut String, entries: &[Entry]) -> Result {
    text.push_str("| name | for Prometheus | instrument | unit | from | |\n|---|---|---|---|---|---|\n");
    for entry in entries {
        let Some(metric) = entry.metric else { continue };
        let Metric { name, instrument, unit, .. } = metric;
        let unit = if unit.is_empty() { String::new() } else { format!("`{unit}`") };
        writeln!(
            text,
            "| `{name}` | `{}` | {} | {unit} | {} | {} |",
            exposition::name(&metric)?,
            instrument_word(instrument),
            origin(entry.origin),
            cell(entry.help),
        )?;
    }
    Ok(())
}

fn others(text: &mut String, entries: &[Entry]) -> Result {
    text.push_str("| name | from | |\n|---|---|---|\n");
    for Entry { name, origin: from, help, .. } in entries {
        writeln!(text, "| `{name}` | {} | {} |", origin(*from), cell(help))?;
    }
    Ok(())
}

/// The help of the table, which comes from doc comments and begins with their blank.
fn cell(help: &str) -> String {
    help.trim().replace('|', "\\|")
}

fn instrument_word(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Counter => "counter",
        Instrument::UpDownCounter => "up-down counter",
        Instrument::Histogram => "histogram",
        Instrument::Gauge => "gauge",
        _ => "other",
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Stable => "conventions, stable",
        Origin::Development => "conventions, in development",
        Origin::Common => "common",
        Origin::Own => "own",
        _ => "other",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_has_its_row() {
        let text = markdown().unwrap();
        for entry in names::TABLE.iter().copied().flatten() {
            let rows = text.lines().filter(|line| line.starts_with(&format!("| `{}` |", entry.name)));
            assert!(rows.count() >= 1, "{}", entry.name);
        }
    }

    #[test]
    fn a_metric_is_told_with_what_prometheus_calls_it() {
        let row = "| `http.server.request.duration` | `http_server_request_duration_seconds` | histogram | `s` | conventions, stable |";
        assert!(markdown().unwrap().contains(row));
    }

    #[test]
    fn no_value_is_of_an_unknown_kind() {
        let text = markdown().unwrap();
        assert!(!text.contains("| other |") && !text.contains("## Others"), "{text}");
    }
}
