//! What can be chosen when telemetry is set up, a file for each part of it, and the set-up itself.

mod admin;
mod announce;
mod calls;
mod conflicts;
mod init;
mod logs;
mod metrics;
mod once;
mod resource;
mod telemetry_builder;
mod traces;

pub use self::telemetry_builder::TelemetryBuilder;
