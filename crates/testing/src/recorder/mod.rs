//! A window that keeps what it was told, to be asserted on.

mod assert;
mod event;
mod log;
mod record;
mod signal;

pub use event::{Event, Moment};
pub use record::Record;
pub use signal::{Recorder, RecorderObserver};
