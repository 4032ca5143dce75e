//! Jaeger's own [propagation](https://www.jaegertracing.io/sdk-migration/#propagation-format).

use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::JAEGER_BAGGAGE_PREFIX;
use tower_telemetry_core::names::header::UBER_TRACE_ID;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_core::{Baggage, TraceIds, baggage};

use crate::propagation::told::{Malformed, Told, Wish, once, padded};

const SAMPLED: u8 = 1;
const DEBUG: u8 = 2;

/// Reads `uber-trace-id`.
pub(crate) fn read(headers: &HeaderMap) -> Result<Option<Told>, Malformed> {
    once(headers, &UBER_TRACE_ID)?.map(parse).transpose()
}

/// Writes `uber-trace-id`; the parent, which nobody reads any more, is 0.
pub(crate) fn write(ids: &TraceIds, wish: Wish, headers: &mut HeaderMap) {
    let flags = match (wish, ids.flags.is_sampled()) {
        (Wish::Debug, _) => SAMPLED | DEBUG,
        (_, true) => SAMPLED,
        (_, false) => 0,
    };
    let value = format!("{}:{}:0:{flags}", ids.trace_id.to_hex().as_str(), ids.span_id.to_hex().as_str());
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(UBER_TRACE_ID, value);
    }
}

/// Adds what the `uberctx-` headers hold and the baggage does not, and says how many of them were refused.
pub(crate) fn read_baggage(headers: &HeaderMap, baggage: Baggage) -> (Baggage, usize) {
    let (mut all, mut refused) = (baggage, 0);
    for (name, value) in headers {
        let Some(key) = name.as_str().strip_prefix(JAEGER_BAGGAGE_PREFIX) else { continue };
        if all.get(key).is_some() {
            continue;
        }
        match value.to_str().ok().and_then(|text| all.with(key, &baggage::decode(text.as_bytes())).ok()) {
            Some(more) => all = more,
            None => refused += 1,
        }
    }
    (all, refused)
}

/// Writes a `uberctx-` header for each member; properties have no place there.
pub(crate) fn write_baggage(baggage: &Baggage, headers: &mut HeaderMap) {
    for member in baggage.iter() {
        let name = HeaderName::try_from(format!("{JAEGER_BAGGAGE_PREFIX}{}", member.key()));
        let value = HeaderValue::from_str(&baggage::encode(&member.value()));
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.insert(name, value);
        }
    }
}

/// Removes `uber-trace-id` and all `uberctx-` headers.
pub(crate) fn clear(headers: &mut HeaderMap) {
    headers.remove(UBER_TRACE_ID);
    clear_baggage(headers);
}

/// Removes all `uberctx-` headers.
pub(crate) fn clear_baggage(headers: &mut HeaderMap) {
    let is_ours = |name: &&HeaderName| name.as_str().starts_with(JAEGER_BAGGAGE_PREFIX);
    let ours: Vec<HeaderName> = headers.keys().filter(is_ours).cloned().collect();
    for name in ours {
        headers.remove(name);
    }
}

/// `trace:span:parent:flags`, also with the colons encoded; ids may lack zeros on the left.
fn parse(value: &[u8]) -> Result<Told, Malformed> {
    let value = baggage::decode(value);
    let mut fields = value.as_bytes().split(|&byte| byte == b':');
    let mut next = || fields.next();
    let (Some(trace), Some(span), Some(parent), Some(flags), None) = (next(), next(), next(), next(), next())
    else {
        return Err(Malformed);
    };
    // Of no use, but it has to be an id.
    padded::<8>(parent).ok_or(Malformed)?;
    let [bits] = padded::<1>(flags).ok_or(Malformed)?;
    let (flags, wish) = match bits {
        bits if bits & DEBUG != 0 => (TraceFlags::SAMPLED, Wish::Debug),
        bits if bits & SAMPLED != 0 => (TraceFlags::SAMPLED, Wish::Flag),
        _ => (TraceFlags::NONE, Wish::Flag),
    };
    let ids = TraceIds {
        trace_id: padded(trace).and_then(TraceId::from_bytes).ok_or(Malformed)?,
        span_id: padded(span).and_then(SpanId::from_bytes).ok_or(Malformed)?,
        flags,
    };
    Ok(Told { ids: Some(ids), wish })
}
