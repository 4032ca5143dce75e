//! OpenMetrics text 1.0.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use tower_telemetry_metrics::{Descriptor, ManualClock, Place, Store, expose::openmetrics};
//!
//! let time = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_500));
//! let store = Store::with_clock(time.clock());
//! let sent = store.counter_family::<()>(Descriptor::new("shop.mail.sent", "By", "Mail sent."))?;
//! sent.series(&(), Place::Known).add(3);
//!
//! let mut page = String::new();
//! openmetrics::encode(&store.snapshot(), &mut page);
//! let expected = concat!(
//!     "# HELP shop_mail_sent_bytes Mail sent.\n",
//!     "# TYPE shop_mail_sent_bytes counter\n",
//!     "# UNIT shop_mail_sent_bytes bytes\n",
//!     "shop_mail_sent_bytes_total 3\n",
//!     "shop_mail_sent_bytes_created 1700000000.5\n",
//! );
//! assert!(page.starts_with(expected));
//! assert!(page.ends_with("# EOF\n"));
//! # Ok::<(), tower_telemetry_metrics::RegisterError>(())
//! ```
//!
//! Beside what [`text`](super::text) carries:
//!
//! - an exemplar behind the bucket or the counter that it belongs to: trace, span, value and time;
//! - `# UNIT`, where the name ends in it;
//! - `_created`, the time at which a series began, unless [`Created::Omitted`](super::Created::Omitted) is chosen;
//! - the metric `target.info` as the info `target`, before everything else.

use super::format::Format;
use super::page;
use crate::store::Snapshot;

/// The `Content-Type` of the page.
pub const CONTENT_TYPE: &str = Format::OPEN_METRICS.content_type();

/// Appends the page to `out`, `# EOF` included: nothing may follow.
///
/// Never panics. A sample allocates nothing beyond the growth of `out`, unless names of its labels collide.
pub fn encode(snapshot: &Snapshot, out: &mut String) {
    page::encode(snapshot, Format::OPEN_METRICS, out);
}
