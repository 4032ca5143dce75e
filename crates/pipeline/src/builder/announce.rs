//! What is said at the start.

use std::net::SocketAddr;

use crate::resource::Unread;

/// What is in force.
#[derive(Debug)]
pub(super) struct InForce<'a> {
    pub(super) admin: Option<SocketAddr>,
    pub(super) metrics_to: Option<&'a str>,
    pub(super) traces_to: Option<&'a str>,
    pub(super) logs_to: Option<&'a str>,
    /// A Loki.
    pub(super) lines_to: Option<&'a str>,
    pub(super) sampler: &'a str,
}

/// One line says it.
pub(super) fn in_force(told: &InForce<'_>) {
    const NOWHERE: &str = "none";
    tracing::info!(
        target: "tower_telemetry",
        metrics = told.admin.map(|addr| tracing::field::display(format!("http://{addr}/metrics"))),
        metrics_to = told.metrics_to.unwrap_or(NOWHERE),
        traces = told.traces_to.unwrap_or(NOWHERE),
        logs = told.logs_to.unwrap_or(NOWHERE),
        loki = told.lines_to,
        sampler = told.sampler,
        "telemetry is set up"
    );
}

/// What was asked for in vain: a list that cannot be read, an export that the program was built without.
pub(super) fn unheard(list: Option<&Unread>, export: Option<&'static str>, loki: Option<&'static str>) {
    if let Some(Unread { variable, value }) = list {
        tracing::warn!(
            target: "tower_telemetry",
            variable,
            value,
            "the list cannot be read, and none of it counts: it wants `key=value` behind commas, percent-encoded"
        );
    }
    if let Some(variable) = export {
        tracing::warn!(
            target: "tower_telemetry",
            variable,
            "nothing is exported: the program was built without the feature `otlp`"
        );
    }
    if let Some(variable) = loki {
        tracing::warn!(
            target: "tower_telemetry",
            variable,
            "lines go to no Loki: the program was built without the feature `loki`"
        );
    }
}
