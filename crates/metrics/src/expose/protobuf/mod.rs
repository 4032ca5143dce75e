//! The Prometheus protobuf format: messages of `io.prometheus.client.MetricFamily`, each after its length.
//!
//! ```
//! use std::time::Duration;
//! use tower_telemetry_metrics::{Buckets, Descriptor, Native, Place, Store, expose::protobuf};
//!
//! let store = Store::new();
//! let wait = Descriptor::new("shop.wait", "s", "Time spent waiting.");
//! let wait = store.histogram_family::<()>(wait, Buckets::from(Native::default()))?;
//! wait.series(&(), Place::Known).record(Duration::from_millis(30));
//!
//! let mut messages = Vec::new();
//! protobuf::encode(&store.snapshot(), &mut messages);
//! assert!(messages.windows(17).any(|bytes| bytes == b"shop_wait_seconds"));
//! # Ok::<(), tower_telemetry_metrics::RegisterError>(())
//! ```
//!
//! It is the one format with native histograms: a family that has both kinds of buckets tells both, and the server
//! takes the one that it is told to take. Counters and histograms tell when they began, and their exemplars.
//!
//! The messages are those of `io/prometheus/client/metrics.proto` in the Prometheus server. They are written by
//! hand, straight from the snapshot: generated types would hold a copy of every label for the time of a scrape.

mod family;
mod histogram;
mod spans;
mod wire;

use super::format::Format;
use crate::store::{FamilySnapshot, Snapshot};

/// The `Content-Type` of the messages.
pub const CONTENT_TYPE: &str = Format::PROTOBUF.content_type();

/// Appends the messages to `out`: one for each family with a series.
///
/// Never panics.
pub fn encode(snapshot: &Snapshot, out: &mut Vec<u8>) {
    encode_as(snapshot, Format::PROTOBUF, out);
}

pub(crate) fn encode_as(snapshot: &Snapshot, format: Format, out: &mut Vec<u8>) {
    for family in snapshot.families() {
        encode_family(family, format, out);
    }
}

pub(crate) fn encode_family(family: &FamilySnapshot, format: Format, out: &mut Vec<u8>) {
    if family.series().len() > 0 {
        wire::delimited(out, |out| family::write(family, format.naming(), out));
    }
}
