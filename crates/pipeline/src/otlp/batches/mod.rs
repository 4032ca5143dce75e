//! What waits for its export, in a queue with an end, and the task on the telemetry thread that empties it.
//!
//! All that is given to the queue is counted once more when it leaves: as exported, or as dropped with the reason. The
//! SDK's own batch processors do not count what they lose.

mod batch;
mod counts;
mod export;
mod exporter;
mod load;
mod queue;
mod settings;
mod stop;

#[cfg(test)]
pub(crate) use self::counts::{Counts, Dropped};
pub(crate) use self::export::Export;
pub(crate) use self::load::{CountNames, Load, Refused, Variables};
pub(crate) use self::settings::Settings;
