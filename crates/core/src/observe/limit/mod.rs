//! A layer that holds requests back, observed: what waits at it, what it refuses, what is behind it.
//!
//! A limit of tower says nothing of itself: `ConcurrencyLimit` and `Buffer` let their callers wait, `LoadShed` refuses
//! them. [`ObserveLimit`] stands on both sides of such a layer and compares: a request that came in outside and never
//! arrived inside was refused, if it got an answer or an error, and abandoned, if nobody waited for it.

mod future;
mod layer;
mod passage;
mod service;
mod watch;

pub use future::{AdmittedFuture, LimitFuture};
pub use layer::ObserveLimit;
pub use service::{Admitted, Limited};
pub use watch::{Admission, LimitWatch};
