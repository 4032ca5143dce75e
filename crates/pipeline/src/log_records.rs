//! Records of the `log` crate, which many libraries write: as lines like those of `tracing`, with the ids of their exchange.

use tracing::level_filters::LevelFilter;
use tracing_log::{AsLog, LogTracer};

/// Has them told by the subscriber that was just installed, at the levels that it wants.
///
/// A program with a logger of its own keeps that one: `log` knows one for the whole process, and takes no other.
pub(crate) fn bridge() {
    let _ = LogTracer::builder().with_max_level(LevelFilter::current().as_log()).init();
}
