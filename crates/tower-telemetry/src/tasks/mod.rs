//! Tasks and workers that go on with what is current, and are counted: where the trace window meets the runtime.

mod join_set;
mod spawn;
mod submit_error;
mod unwind;
mod worker;
mod workers;

pub use join_set::JoinSetExt;
pub use spawn::{spawn, spawn_blocking};
pub use submit_error::SubmitError;
pub use workers::Workers;
