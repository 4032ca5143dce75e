//! Jaeger's header, and its baggage.

use super::carrier::round_trip;

pub(crate) fn run(data: &[u8]) {
    round_trip("jaeger", &["uber-trace-id"], data);
    round_trip("jaeger,baggage", &["uber-trace-id", "uberctx-a", "uberctx-%41", "baggage"], data);
}
