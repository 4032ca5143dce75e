//! The detectors of leaks at work: on a runtime, and on each place that spawns.

mod report;
mod suspects;
mod task_watch;

pub use report::{LeakReport, SiteReport};
pub use task_watch::TaskWatch;
