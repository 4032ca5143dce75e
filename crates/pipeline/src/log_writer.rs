//! Where log lines go, shared by the clones of a layer.

use std::fmt;
use std::io::{self, Stdout, Write};
use std::sync::Arc;

use tower_telemetry_log::NonBlocking;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::log_format::Place;

/// Makes the writer of each log line: standard output, or what
/// [`TelemetryBuilder::with_log_writer`](crate::TelemetryBuilder::with_log_writer) was given.
#[derive(Clone)]
pub struct LogWriter(Kind);

/// What a set-up chooses by itself needs no box for each line.
#[derive(Clone)]
enum Kind {
    Stdout,
    InBackground(NonBlocking),
    To(Arc<BoxMakeWriter>),
}

/// Writes a line that a [`LogWriter`] was asked for.
pub struct LineWriter<'a>(Way<'a>);

enum Way<'a> {
    Stdout(Stdout),
    InBackground(&'a NonBlocking),
    To(Box<dyn Write + 'a>),
}

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
            Self::Stdout => LogWriter(Kind::Stdout),
            Self::InBackground(lines) => LogWriter(Kind::InBackground(lines.clone())),
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
        Self(Kind::To(Arc::new(BoxMakeWriter::new(writer))))
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        LineWriter(match &self.0 {
            Kind::Stdout => Way::Stdout(io::stdout()),
            Kind::InBackground(lines) => Way::InBackground(lines),
            Kind::To(writer) => Way::To(writer.make_writer()),
        })
    }

    fn make_writer_for(&'a self, metadata: &tracing::Metadata<'_>) -> Self::Writer {
        match &self.0 {
            Kind::To(writer) => LineWriter(Way::To(writer.make_writer_for(metadata))),
            Kind::Stdout | Kind::InBackground(_) => self.make_writer(),
        }
    }
}

impl Write for LineWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Way::Stdout(stdout) => stdout.write(bytes),
            Way::InBackground(lines) => lines.write(bytes),
            Way::To(writer) => writer.write(bytes),
        }
    }

    /// A line in one piece, for which each of them locks once.
    fn write_all(&mut self, line: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Way::Stdout(stdout) => stdout.write_all(line),
            Way::InBackground(lines) => lines.write_all(line),
            Way::To(writer) => writer.write_all(line),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Way::Stdout(stdout) => stdout.flush(),
            Way::InBackground(lines) => lines.flush(),
            Way::To(writer) => writer.flush(),
        }
    }
}

impl fmt::Debug for LineWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineWriter")
    }
}

impl fmt::Debug for LogWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogWriter")
    }
}
