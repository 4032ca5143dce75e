//! B3, in one header and in several.

use super::carrier::round_trip;

pub(crate) fn run(data: &[u8]) {
    round_trip("b3", &["b3"], data);
    round_trip(
        "b3multi",
        &["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags", "x-b3-parentspanid"],
        data,
    );
    // Whichever is there is read.
    round_trip("b3,b3multi", &["b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled"], data);
}
