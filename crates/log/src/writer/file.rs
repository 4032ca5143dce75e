//! A file of lines that begins anew by the clock.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use tracing_appender::rolling::{self, RollingFileAppender};

/// How often a [`LogFile`] begins anew, by the clock in UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rotation {
    /// At midnight; the name has the date, `shop.2026-03-01.json`.
    #[default]
    Daily,
    /// Every hour, `shop.2026-03-01-08.json`.
    Hourly,
    /// Never; the name has no date, `shop.json`. For those whose system rotates files by copying and cutting them.
    Never,
}

/// A file in which lines are kept, to be opened.
///
/// ```
/// use tower_telemetry_log::{JsonLayer, LogFile, NonBlocking, Rotation};
///
/// # let directory = std::env::temp_dir().join("tower-telemetry-log-doc");
/// let file = LogFile::new(&directory, "shop").with_rotation(Rotation::Hourly).with_kept(48).open()?;
/// let layer = JsonLayer::new(NonBlocking::new(file)?);
/// # let _ = layer;
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a file is made when it is opened"]
pub struct LogFile {
    directory: PathBuf,
    name: String,
    rotation: Rotation,
    kept: Option<usize>,
}

impl LogFile {
    /// A daily file of this name, ending in `.json`, in this directory, which is made if it is not there.
    pub fn new(directory: impl Into<PathBuf>, name: impl Into<String>) -> Self {
        Self { directory: directory.into(), name: name.into(), rotation: Rotation::default(), kept: None }
    }

    /// Begins anew this often.
    pub fn with_rotation(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// Keeps this many files and deletes older ones of the name; all are kept by default.
    pub fn with_kept(mut self, files: usize) -> Self {
        self.kept = Some(files);
        self
    }

    /// Opens the file, to append to it.
    ///
    /// # Errors
    /// The directory or the file cannot be made or written.
    pub fn open(self) -> Result<RollingFile, LogFileError> {
        let Self { directory, name, rotation, kept } = self;
        let rotation = match rotation {
            Rotation::Daily => rolling::Rotation::DAILY,
            Rotation::Hourly => rolling::Rotation::HOURLY,
            Rotation::Never => rolling::Rotation::NEVER,
        };
        let builder = RollingFileAppender::builder().rotation(rotation).filename_prefix(name);
        let builder = builder.filename_suffix("json");
        let builder = match kept {
            Some(files) => builder.max_log_files(files),
            None => builder,
        };
        match builder.build(&directory) {
            Ok(appender) => Ok(RollingFile(appender)),
            Err(source) => Err(LogFileError { directory, source: Box::new(source) }),
        }
    }
}

/// An open [`LogFile`]: a sink for [`NonBlocking`](crate::NonBlocking), or in a `Mutex` for a layer itself.
pub struct RollingFile(RollingFileAppender);

impl Write for RollingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl fmt::Debug for RollingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RollingFile")
    }
}

/// A [`LogFile`] could not be opened.
#[derive(Debug)]
pub struct LogFileError {
    directory: PathBuf,
    source: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for LogFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no log file can be kept in {}", self.directory.display())
    }
}

impl Error for LogFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
