//! A strict reader of OpenMetrics text 1.0, to assert on what a program tells.
//!
//! ```
//! use tower_telemetry_testing::openmetrics::{Kind, find, parse};
//!
//! let page = concat!(
//!     "# TYPE shop_jobs counter\n",
//!     "shop_jobs_total{queue=\"mails\"} 3 # {trace_id=\"4bf9\"} 1.0\n",
//!     "# EOF\n",
//! );
//! let families = parse(page)?;
//! assert_eq!(families[0].kind, Kind::Counter);
//!
//! let jobs = find(&families, "shop_jobs_total", &[("queue", "mails")]).unwrap();
//! assert_eq!(jobs.value, 3.0);
//! assert_eq!(jobs.exemplar.as_ref().unwrap().labels["trace_id"], "4bf9");
//! # Ok::<(), tower_telemetry_testing::openmetrics::ParseError>(())
//! ```
//!
//! It takes what the standard allows and refuses the rest: it agrees with each of the standard's own 211 cases,
//! and beyond them refuses a sample without a timestamp that is given twice, and an exemplar above its bucket.
//! Names in quotes, which came after the standard, are read wherever a name may stand.

mod cursor;
mod error;
mod exposition;
mod family;
mod groups;
mod histogram;
mod metadata;
mod number;
mod open_family;
mod rules;
mod sample_line;

pub use self::error::ParseError;
pub use self::exposition::parse;
pub use self::family::{Exemplar, Family, Kind, Labels, Sample, find};
