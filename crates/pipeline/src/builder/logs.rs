//! Which lines are written, in which form, and where they go.

use tower_telemetry_log::{AccessRules, NonBlocking};
use tracing_subscriber::fmt::MakeWriter;

use crate::builder::TelemetryBuilder;
use crate::log_format::LogFormat;
use crate::log_writer::{Lines, LogWriter};
use crate::loki;

/// What has been chosen about log lines.
pub(crate) struct Logs {
    pub(super) subscriber: Subscriber,
    pub(super) lines: Lines,
    pub(super) format: LogFormat,
    pub(super) access: AccessRules,
    pub(super) filter: Option<String>,
    pub(crate) loki: loki::Choice,
}

/// Whether a subscriber is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subscriber {
    Install,
    /// One is made, for a test to hold.
    #[cfg(feature = "testing")]
    Lend,
    LeaveAlone,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            subscriber: Subscriber::Install,
            lines: Lines::Stdout,
            format: LogFormat::default(),
            access: AccessRules::default(),
            filter: None,
            loki: loki::Choice::default(),
        }
    }
}

impl TelemetryBuilder {
    /// Installs no subscriber; [`Telemetry::log_layer`] goes into one's own.
    pub fn without_subscriber(mut self) -> Self {
        self.logs.subscriber = Subscriber::LeaveAlone;
        self
    }

    /// Writes log lines there in place of standard output.
    pub fn with_log_writer(mut self, writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) -> Self {
        self.logs.lines = Lines::To(LogWriter::new(writer));
        self
    }

    /// Writes log lines on a thread of their own, in place of standard output; [`Telemetry::shutdown`] waits for it.
    ///
    /// Lines that it has no room for, or fails to write, are counted as `tower_telemetry.log.lines.lost`.
    ///
    /// ```
    /// use tower_telemetry_log::NonBlocking;
    /// use tower_telemetry_pipeline::Telemetry;
    ///
    /// let builder = Telemetry::builder("orders").with_background_log(NonBlocking::new(std::io::stdout())?);
    /// # let _ = builder;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn with_background_log(mut self, lines: NonBlocking) -> Self {
        self.logs.lines = Lines::InBackground(lines);
        self
    }

    /// Writes log lines in this format; by default for people on a terminal, else as JSON.
    pub fn with_log_format(mut self, format: LogFormat) -> Self {
        self.logs.format = format;
        self
    }

    /// Tells exchanges on access lines by these rules; by default all, but of cancelled ones 100 in a second.
    pub fn with_access_rules(mut self, rules: AccessRules) -> Self {
        self.logs.access = rules;
        self
    }

    /// Writes the lines of these directives where `RUST_LOG` says nothing; `info` by default.
    pub fn with_log_filter(mut self, directives: impl Into<String>) -> Self {
        self.logs.filter = Some(directives.into());
        self
    }
}
