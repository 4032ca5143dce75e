//! The OpenMetrics page, read back by a strict reader that shares no code with the encoder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod letter;
mod read_back;

use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_metrics::expose::{self, Format};
use tower_telemetry_metrics::{LabelValue, Labels, Snapshot, Store};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Route(&'static str);

impl Labels for Route {
    const NAMES: &'static [&'static str] = &["http.route"];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

const BOUNDS: [f64; 3] = [0.005, 1.0, 2.5];

fn page(store: &Store, format: Format) -> String {
    encoded(&store.snapshot(), format)
}

fn encoded(snapshot: &Snapshot, format: Format) -> String {
    let mut page = Vec::new();
    expose::encode(snapshot, format, &mut page);
    String::from_utf8(page).unwrap()
}

fn sampled(id: u8) -> TraceIds {
    TraceIds {
        trace_id: TraceId::from_bytes([id; 16]).unwrap(),
        span_id: SpanId::from_bytes([id; 8]).unwrap(),
        flags: TraceFlags::SAMPLED,
    }
}
