//! How an exchange ended, and whether that was a success: the only place where this is decided.

mod ending;
mod facts;
mod judgement;
mod sentence;
mod verdict;

pub use ending::Ending;
pub use facts::Facts;
pub use judgement::{Judgement, grpc_status, judge};
pub use sentence::Outcome;
pub use verdict::Verdict;
