//! One line around a whole axum `Router`, which still knows its routes.

mod future;
mod service;

pub use future::AroundFuture;
pub use service::{Around, around};
