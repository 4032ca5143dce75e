//! The Prometheus text format 0.0.4.
//!
//! ```
//! use tower_telemetry_metrics::{Descriptor, Place, Store, expose::text};
//!
//! let store = Store::new();
//! let jobs = store.counter_family::<()>(Descriptor::new("shop.jobs", "{job}", "Jobs done."))?;
//! jobs.series(&(), Place::Known).add(3);
//!
//! let mut page = String::new();
//! text::encode(&store.snapshot(), &mut page);
//! assert!(page.contains("# TYPE shop_jobs_total counter\nshop_jobs_total 3\n"));
//! # Ok::<(), tower_telemetry_metrics::RegisterError>(())
//! ```

use super::format::Format;
use super::page;
use crate::store::Snapshot;

/// The `Content-Type` of the page. Prometheus 3 fails a scrape without it.
pub const CONTENT_TYPE: &str = Format::TEXT.content_type();

/// Appends the page to `out`: for each family with a series its `HELP`, its `TYPE` and its samples.
///
/// Never panics. A sample allocates nothing beyond the growth of `out`, unless names of its labels collide.
pub fn encode(snapshot: &Snapshot, out: &mut String) {
    page::encode(snapshot, Format::TEXT, out);
}
