//! The whole contract of a window: start at the request, respond at the head, end once.

mod contract;
mod option;
mod shared;
mod tuples;

pub use contract::{Observer, Signal};
