//! How a line is told.

/// Whether a line tells the file and the line number of its event's call site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceLocation {
    /// It does not.
    #[default]
    Omitted,
    /// As `code.file.path` and `code.line.number`, the names of the OpenTelemetry semantic conventions.
    Included,
}

/// For whom lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineFormat {
    /// One JSON object on a line, for programs.
    #[default]
    Json,
    /// Plain text, for people: the time of day, level, target, message, fields as `key=value`, and the beginnings of
    /// the ids. An access line reads like that of a web server.
    ///
    /// It is one line all the same. Values are escaped as in JSON, so that nothing in them drives a terminal.
    Pretty,
    /// The same in the colours of a terminal (ANSI).
    Coloured,
}
