//! An exemplar behind its sample, in OpenMetrics text.

use super::{number, timestamp};
use crate::store::Exemplar;

/// Appends ` # {trace_id="..",span_id=".."} value time`. Names and values of the labels come to 63 characters; the
/// standard allows 128.
pub(crate) fn write(exemplar: &Exemplar, out: &mut String) {
    out.push_str(" # {trace_id=\"");
    out.push_str(exemplar.trace_id.to_hex().as_str());
    out.push_str("\",span_id=\"");
    out.push_str(exemplar.span_id.to_hex().as_str());
    out.push_str("\"} ");
    number::float(exemplar.value, out);
    out.push(' ');
    timestamp::seconds(exemplar.time, out);
}

/// Whether the exemplar may stand at a bucket, of which it must have been one recording. Below a bound that a float
/// cannot tell from its neighbour, it may seem to lie on the edge.
pub(crate) fn is_within(exemplar: &Exemplar, below: f64, bound: f64) -> bool {
    (below..=bound).contains(&exemplar.value)
}
