//! Headers and metadata on spans, by an allow-list.

mod error;
mod list;
mod lists;
mod text;

pub use error::CaptureError;
pub use lists::Capture;

pub(crate) use list::{Captured, Of};
