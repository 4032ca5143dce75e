//! All that can be chosen, before anything is set up.

use std::fmt;

use crate::builder::admin::Admin;
use crate::builder::calls::Calls;
use crate::builder::logs::Logs;
use crate::builder::metrics::Metrics;
use crate::builder::traces::Traces;
use crate::resource::About;

/// Sets telemetry up; made by [`Telemetry::builder`](crate::Telemetry::builder).
#[must_use = "nothing is set up before `init`"]
pub struct TelemetryBuilder {
    pub(super) about: About,
    pub(super) calls: Calls,
    pub(super) metrics: Metrics,
    pub(super) traces: Traces,
    pub(crate) logs: Logs,
    pub(super) admin: Admin,
}

impl TelemetryBuilder {
    pub(crate) fn new(name: String) -> Self {
        Self {
            about: About::of(name),
            calls: Calls::default(),
            metrics: Metrics::default(),
            traces: Traces::default(),
            logs: Logs::default(),
            admin: Admin::default(),
        }
    }
}

impl fmt::Debug for TelemetryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelemetryBuilder").field("name", &self.about.name).finish_non_exhaustive()
    }
}
