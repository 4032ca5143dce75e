//! What OpenTelemetry's bridge takes for a logger.

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::{Logger, LoggerProvider, Severity};

use super::limits::Limits;
use super::owner;
use super::record::Record;
use crate::otlp::batches::Export;

/// Makes records, and hands them over. It is its own provider.
#[derive(Clone, Debug)]
pub(super) struct Logs {
    pub(super) export: Export<Record>,
    pub(super) limits: Limits,
}

impl LoggerProvider for Logs {
    type Logger = Self;

    fn logger_with_scope(&self, _: InstrumentationScope) -> Self {
        // The scope of a record is the target of its event.
        self.clone()
    }
}

impl Logger for Logs {
    type LogRecord = Record;

    fn create_log_record(&self) -> Record {
        Record::new(owner::take_up(), self.limits)
    }

    fn emit(&self, record: Record) {
        self.export.submit(record.finish());
    }

    fn event_enabled(&self, _: Severity, _: &str, _: Option<&str>) -> bool {
        // The subscriber's filters have been asked.
        true
    }
}
