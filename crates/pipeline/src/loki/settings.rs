//! What can be chosen about the way to Loki.

use std::fmt;
use std::path::PathBuf;

use super::streams::Levels;

/// Log lines to Loki, by its push API: given to [`TelemetryBuilder::with_loki`](crate::TelemetryBuilder::with_loki).
///
/// ```
/// use tower_telemetry_pipeline::{Loki, Telemetry};
///
/// let loki = Loki::to("http://loki:3100").with_tenant("shop").with_spool("/var/spool/shop/loki");
/// let builder = Telemetry::builder("orders").with_loki(loki);
/// # let _ = builder;
/// ```
///
/// Lines go in batches of up to a second or a MiB, in protobuf packed by snappy, and are done when Loki answers 204.
/// 429, 5xx and silence are tried again, ten times from half a second up to five minutes apart, or when `Retry-After`
/// says. Of a batch that is answered by 400 or 413 the lines that are wrong are found, and dropped alone. Any other
/// answer drops the batch: 260 too, which says that ingestion is blocked.
///
/// At most 10 MiB of lines wait in memory. Where more come, `TRACE` is dropped first, then `DEBUG`, `INFO` and `WARN`, the
/// oldest first; `ERROR` last. Every line that is dropped is counted, by level and reason, in
/// `tower_telemetry.loki.lines.dropped`. Nothing that serves a push is told as a line of its own.
///
/// # Cardinality
/// One stream in a process, or five with [`with_level_label`](Self::with_level_label). Its labels are `service_name`,
/// `service_namespace`, `deployment_environment_name`, `cluster` and `job`, from the resource, and those of
/// [`with_label`](Self::with_label). Beside each line stand, as structured metadata, `trace_id`, `span_id`, `request_id`,
/// `linked_trace_id`, `route`, `instance` and `pod`, those that are known.
#[derive(Clone)]
#[must_use = "it is to be given to a builder"]
pub struct Loki {
    pub(crate) address: String,
    pub(crate) tenant: Option<String>,
    pub(crate) login: Option<Login>,
    pub(crate) spool: Option<PathBuf>,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) levels: Levels,
}

/// Who pushes.
#[derive(Clone)]
pub(crate) enum Login {
    Basic { user: String, password: String },
    Bearer(String),
}

impl Loki {
    /// Lines go to this address: `http://host:3100`, or with the whole path of the push API. `https://` wants the feature
    /// `loki-tls`.
    pub fn to(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            tenant: None,
            login: None,
            spool: None,
            labels: Vec::new(),
            levels: Levels::default(),
        }
    }

    /// Names the tenant, in the header `X-Scope-OrgID`.
    pub fn with_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Logs in by name and password.
    pub fn with_basic_auth(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.login = Some(Login::Basic { user: user.into(), password: password.into() });
        self
    }

    /// Logs in by a token.
    pub fn with_bearer_token(mut self, token: impl Into<String>) -> Self {
        self.login = Some(Login::Bearer(token.into()));
        self
    }

    /// Keeps lines in this directory until Loki has them, up to 1 GiB and six days: through an outage, and through the end
    /// of the process. The next process that has the same directory pushes them first.
    ///
    /// Each process wants a directory of its own; it is made where there is none. A line is on its way to the disk within
    /// half a second, and forced to it within another where Loki has not got it by then.
    pub fn with_spool(mut self, directory: impl Into<PathBuf>) -> Self {
        self.spool = Some(directory.into());
        self
    }

    /// Adds a label, or gives one of the resource another value; without a value it is left out.
    ///
    /// # Cardinality
    /// The program's own text, one value in a process. Names whose values are without number are refused.
    pub fn with_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }

    /// Makes the level a label, which makes five streams of one: for much traffic alone. Loki finds levels without it, since
    /// each line tells its own.
    pub fn with_level_label(mut self) -> Self {
        self.levels = Levels::Apart;
        self
    }
}

/// Without what is secret.
impl fmt::Debug for Loki {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address: _, tenant, login: _, spool, labels, levels } = self;
        f.debug_struct("Loki")
            .field("tenant", tenant)
            .field("spool", spool)
            .field("labels", labels)
            .field("levels", levels)
            .finish_non_exhaustive()
    }
}
