//! Sampling.

mod bucket;
mod budget;
mod hex;
mod histogram;
mod keeper;
mod ot;
mod randomness;
mod route_latency;
mod route_table;
mod tail;
mod threshold;

pub use bucket::TokenBucket;
pub use budget::{Budget, Pool};
pub use keeper::{Call, Hint, Keeper};
pub use ot::{with_ot, without_threshold};
pub use randomness::Randomness;
pub use tail::Tail;
pub use threshold::Threshold;
