//! Where log lines go, shared by the clones of a layer.

use std::fmt;
use std::sync::Arc;

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// Makes the writer of each log line: standard output, or what
/// [`TelemetryBuilder::with_log_writer`](crate::TelemetryBuilder::with_log_writer) was given.
#[derive(Clone)]
pub struct LogWriter(Arc<BoxMakeWriter>);

impl LogWriter {
    pub(crate) fn new(writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) -> Self {
        Self(Arc::new(BoxMakeWriter::new(writer)))
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
