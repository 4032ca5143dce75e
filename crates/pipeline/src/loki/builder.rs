//! The builder's word about Loki.

use super::settings::Loki;
use crate::builder::TelemetryBuilder;

impl TelemetryBuilder {
    /// Pushes log lines to this Loki, beside writing them.
    ///
    /// `LOKI_URL` in the environment wins over its address, and is enough by itself. [`Telemetry::shutdown`] pushes what
    /// waits, for at most half a minute; what Loki has not got by then stays in the [spool](Loki::with_spool), or is lost and
    /// counted.
    ///
    /// [`Telemetry::shutdown`]: crate::Telemetry::shutdown
    pub fn with_loki(mut self, loki: Loki) -> Self {
        self.logs.loki = Some(loki);
        self
    }
}
