//! What the shop is made of at a moment, by its own page and by the system.

use std::{fs, path::PathBuf};

use super::subject::Subject;
use crate::{Result, e2e::http};

/// A look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    /// Resident, in bytes.
    pub(super) memory: f64,
    /// Lines of the page that are samples.
    pub(super) series: f64,
    /// Of the runtime.
    pub(super) tasks: f64,
    /// Sockets and files that are open.
    pub(super) files: f64,
    /// Spans that wait for a collector.
    pub(super) waiting: f64,
    /// Spans that ended and were to be exported, that were, and that were not.
    pub(super) finished: f64,
    pub(super) exported: f64,
    pub(super) dropped: f64,
    /// Lines that could not be written.
    pub(super) lost: f64,
    /// Requests that were turned away, by their status.
    pub(super) shed: f64,
}

impl Look {
    /// Looks.
    ///
    /// # Errors
    ///
    /// The shop does not answer.
    pub(super) fn at(subject: &Subject) -> Result<Self> {
        let page = http::get(subject.admin, "/metrics", "text/plain")?;
        let page = String::from_utf8_lossy(&page.body);
        let spans = |what: &str| total(&page, &format!("tower_telemetry_otlp_spans_{what}"), "");
        let files = fs::read_dir(PathBuf::from(format!("/proc/{}/fd", subject.id())))?;
        Ok(Self {
            memory: total(&page, "process_memory_usage_bytes", ""),
            series: page.lines().filter(|line| !line.starts_with('#')).count() as f64,
            tasks: total(&page, "tower_telemetry_runtime_tasks_alive", ""),
            files: files.count() as f64,
            waiting: spans("waiting"),
            finished: spans("finished_total"),
            exported: spans("exported_total"),
            dropped: spans("dropped_total"),
            lost: total(&page, "tower_telemetry_log_lines_lost_total", ""),
            shed: total(
                &page,
                "http_server_request_duration_seconds_count",
                "http_response_status_code=\"503\"",
            ),
        })
    }
}

/// The sum over the series of a metric that have this label; nothing where there are none.
fn total(page: &str, metric: &str, label: &str) -> f64 {
    let samples = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(metric)?;
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once("} ")?,
            None => ("", rest.strip_prefix(' ')?),
        };
        labels.contains(label).then(|| value.parse::<f64>().ok())?
    });
    // Not `sum`: that of nothing is -0.0.
    samples.fold(0.0, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_added_up_over_the_series_with_the_label() {
        let page = "# TYPE a gauge\na 1.5\na_b 8\na{c=\"} 9\"} 2\na{c=\"d\",e=\"f\"} 3\n";
        assert_eq!(
            [total(page, "a", ""), total(page, "a", "c=\"d\""), total(page, "x", "")],
            [6.5, 3.0, 0.0]
        );
    }
}
