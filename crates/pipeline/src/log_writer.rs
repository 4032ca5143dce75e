//! Where log lines go, shared by the clones of a layer.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use tower_telemetry_log::NonBlocking;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::log_format::Place;

/// Makes the writer of each log line: standard output, or what
/// [`TelemetryBuilder::with_log_writer`](crate::TelemetryBuilder::with_log_writer) was given.
#[derive(Clone)]
pub struct LogWriter(Arc<BoxMakeWriter>);

/// Writes a line on standard output.
///
/// It holds nothing, so that its box takes no memory: a handle of standard output would take some for each line.
#[derive(Debug)]
struct StdoutLine;

/// Where log lines are to go.
pub(crate) enum Lines {
    Stdout,
    /// A thread of their own writes them, which is waited for at the end.
    InBackground(NonBlocking),
    To(LogWriter),
}

impl Lines {
    pub(crate) fn writer(&self) -> LogWriter {
        match self {
            Self::Stdout => LogWriter::new(|| StdoutLine),
            Self::InBackground(lines) => LogWriter::new(lines.clone()),
            Self::To(writer) => writer.clone(),
        }
    }

    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Stdout => Place::of_stdout(),
            Self::InBackground(_) | Self::To(_) => Place::Elsewhere,
        }
    }

    pub(crate) fn background(self) -> Option<NonBlocking> {
        match self {
            Self::InBackground(lines) => Some(lines),
            Self::Stdout | Self::To(_) => None,
        }
    }
}

impl LogWriter {
    pub(crate) fn new(writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) -> Self {
        Self(Arc::new(BoxMakeWriter::new(writer)))
    }
}

impl Write for StdoutLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes)
    }

    /// In one piece, for which standard output is locked once.
    fn write_all(&mut self, line: &[u8]) -> io::Result<()> {
        io::stdout().write_all(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = <BoxMakeWriter as MakeWriter<'a>>::Writer;

    fn make_writer(&'a self) -> Self::Writer {
        self.0.make_writer()
    }

    fn make_writer_for(&'a self, metadata: &tracing::Metadata<'_>) -> Self::Writer {
        self.0.make_writer_for(metadata)
    }
}

impl fmt::Debug for LogWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogWriter")
    }
}
