//! Whether tasks leak, told from their number alone: data in, data out, no clock.
//!
//! ```
//! use std::time::Duration;
//! use tower_telemetry_runtime::leak::{Accounting, LeakDetector, TaskSample};
//!
//! let mut detector = LeakDetector::new(Accounting::Exact);
//! let after = |second: u64| TaskSample {
//!     at: Duration::from_secs(second),
//!     alive: 50 + 8 * second, // eight tasks a second that nobody ends
//!     explained: 0,
//!     young: 0,
//! };
//! let alarm = (0..60).find(|second| detector.sample(after(*second)).is_alarm());
//! assert_eq!(alarm, Some(31));
//! ```
//!
//! Two rules look at each second's sample:
//!
//! - **slope**: steep and steady growth, over 4 tasks a second through both halves of 31 seconds. A jump is none.
//! - **trend**: the lowest number in each of 30 buckets only ever rises (Mann-Kendall test, z > 6). It finds one
//!   task in ten seconds within minutes, and bursts do not lift it: what comes and goes leaves the floor alone.
//!
//! How much a rule may say depends on what is known of tasks that come and go by design: see [`Accounting`].

mod detector;
mod floor;
mod sample;
mod slope;
mod state;

pub use detector::LeakDetector;
pub use sample::{Accounting, TaskSample};
pub use state::{Growth, LeakState, Rule};
