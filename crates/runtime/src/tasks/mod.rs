//! Tasks counted by the place that spawned them.

mod counted;
mod registry;
mod site;
mod spawn;

pub use counted::Counted;
pub use registry::Tasks;
pub use spawn::{connection, counted, spawn};
