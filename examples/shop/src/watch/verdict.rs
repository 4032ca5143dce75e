//! How it all went: the last line of every run.

use std::fmt;

use tower_telemetry::{
    Ending, Verdict,
    core::names::{
        attribute,
        metric::{
            EXCHANGES_ENDED, EXCHANGES_STARTED, HTTP_CLIENT_ACTIVE_REQUESTS, HTTP_CLIENT_REQUEST_DURATION,
            HTTP_SERVER_ACTIVE_REQUESTS, HTTP_SERVER_REQUEST_DURATION, LOG_LINES_HELD_BACK,
            RPC_CLIENT_ACTIVE_CALLS, RPC_CLIENT_CALL_DURATION, RPC_SERVER_ACTIVE_CALLS,
            RPC_SERVER_CALL_DURATION,
        },
    },
    metrics::{Snapshot, Value},
};
use tower_telemetry_testing::{Source, Summary};

/// The counts of a run, and what did not agree.
#[derive(Debug)]
pub(crate) struct Verdicts {
    summary: Summary,
    /// What was found wrong, as sentences; each counts as one disagreement, and the ledger's own come on top.
    findings: Vec<String>,
}

/// Compares the ledger's counts with the totals of the metrics.
pub(crate) fn of(summary: &Summary, metrics: &Snapshot) -> Verdicts {
    let mut findings = Vec::new();
    let mut compare = |what: &str, ledger: u64, metric: f64| {
        if (ledger as f64 - metric).abs() > 0.5 {
            findings.push(format!("{what}: {ledger} to the ledger, but {metric} to the metrics"));
        }
    };
    compare("started", summary.started, metrics.total(EXCHANGES_STARTED.name, &[]));
    compare("ended", summary.ended, metrics.total(EXCHANGES_ENDED.name, &[]));
    for ending in Ending::ALL {
        let total = metrics.total(EXCHANGES_ENDED.name, &[(attribute::ENDING, ending.as_str())]);
        compare(ending.as_str(), summary.with_ending(ending), total);
    }
    for verdict in Verdict::ALL {
        let total = metrics.total(EXCHANGES_ENDED.name, &[(attribute::VERDICT, verdict.as_str())]);
        compare(verdict.as_str(), summary.with_verdict(verdict), total);
    }

    // When many callers hang up at once, the log counts what it does not say.
    let held_back = metrics.total(LOG_LINES_HELD_BACK.name, &[]);
    compare("compared by the ledger", summary.complete, summary.ended as f64 - held_back);
    compare("durations", summary.ended, durations(metrics));
    let active = [
        HTTP_SERVER_ACTIVE_REQUESTS,
        HTTP_CLIENT_ACTIVE_REQUESTS,
        RPC_SERVER_ACTIVE_CALLS,
        RPC_CLIENT_ACTIVE_CALLS,
    ];
    let active = active.iter().map(|metric| metrics.total(metric.name, &[])).sum();
    compare("in flight", summary.in_flight(), active);
    let unsaid = summary.missing.get(&Source::Log).copied();
    compare("without a word of the log", unsaid.unwrap_or_default(), held_back);
    for (source, count) in summary.missing.iter().filter(|(source, _)| **source != Source::Log) {
        findings.push(format!("{count} exchanges ended without a word of the {source}"));
    }
    if summary.without_ids > 0 {
        findings.push(format!("{} exchanges ended without ids", summary.without_ids));
    }
    Verdicts { summary: summary.clone(), findings }
}

/// How many durations were recorded, over all families.
fn durations(metrics: &Snapshot) -> f64 {
    let families = [
        HTTP_SERVER_REQUEST_DURATION,
        HTTP_CLIENT_REQUEST_DURATION,
        RPC_SERVER_CALL_DURATION,
        RPC_CLIENT_CALL_DURATION,
    ];
    let series = families.iter().filter_map(|family| metrics.family(family.name));
    let counts = series.flat_map(|family| {
        family.series().map(|series| match series.value() {
            Value::Histogram(histogram) => histogram.count(),
            _ => 0,
        })
    });
    counts.sum::<u64>() as f64
}

impl Verdicts {
    /// What did not agree, the first of each kind.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().chain(&self.summary.first_disagreements).map(String::as_str)
    }
}

/// `summary started=N ended=N in_flight=0 disagreements=0 ok=..`
impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { summary, findings } = self;
        write!(
            f,
            "summary started={} ended={} in_flight={} disagreements={}",
            summary.started,
            summary.ended,
            summary.in_flight(),
            summary.disagreements + findings.len() as u64
        )?;
        for verdict in Verdict::ALL {
            write!(f, " {}={}", verdict.as_str(), summary.with_verdict(verdict))?;
        }
        for ending in Ending::ALL {
            write!(f, " {}={}", ending.as_str(), summary.with_ending(ending))?;
        }
        Ok(())
    }
}
