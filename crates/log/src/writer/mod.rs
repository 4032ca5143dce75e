//! Where lines go: a thread of their own that writes them, a file that rotates.

#[cfg(feature = "file")]
mod file;
mod non_blocking;
mod queue;

#[cfg(feature = "file")]
pub use file::{LogFile, LogFileError, RollingFile, Rotation};
pub use non_blocking::{Flush, NonBlocking};
