//! Where an event comes from.

use tracing::Metadata;

use crate::fragment::Fragment;
use crate::json::{self, Fit};

/// Where an event comes from. Those of the `log` crate share one call site and bring their origin as fields.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) from_log: bool,
    pub(crate) target: Option<(&'a [u8], Fit)>,
    pub(crate) file: Option<(&'a [u8], Fit)>,
    pub(crate) line: Option<(&'a [u8], Fit)>,
}

impl<'a> Origin<'a> {
    /// The program itself.
    pub(crate) const PROGRAM: Self = Self { from_log: false, target: None, file: None, line: None };

    pub(crate) fn of(metadata: &Metadata<'_>, event: &'a Fragment) -> Self {
        if metadata.target() != "log" || metadata.name() != "log event" {
            return Self::PROGRAM;
        }
        let value = |key| event.value(key);
        Self { from_log: true, target: value("log.target"), file: value("log.file"), line: value("log.line") }
    }

    pub(crate) fn write_location(&self, metadata: &Metadata<'_>, line: &mut Vec<u8>) -> Fit {
        let mut fit = Fit::Whole;
        if let Some((file, file_fit)) = self.file {
            line.extend_from_slice(b",\"code.file.path\":");
            line.extend_from_slice(file);
            fit = file_fit;
        } else if let Some(file) = metadata.file() {
            line.extend_from_slice(b",\"code.file.path\":");
            fit = json::string(line, file);
        }
        if let Some((number, _)) = self.line {
            line.extend_from_slice(b",\"code.line.number\":");
            line.extend_from_slice(number);
        } else if let Some(number) = metadata.line() {
            line.extend_from_slice(b",\"code.line.number\":");
            json::integer(line, number);
        }
        fit
    }
}
