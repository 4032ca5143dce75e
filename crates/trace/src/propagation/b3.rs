//! Zipkin's [B3](https://github.com/openzipkin/b3-propagation), in one header or in several.

use http::{HeaderMap, HeaderValue};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::{
    B3, X_B3_FLAGS, X_B3_PARENT_SPAN_ID, X_B3_SAMPLED, X_B3_SPAN_ID, X_B3_TRACE_ID,
};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};

use crate::propagation::told::{Malformed, Told, Wish, once, padded};

/// Reads the single header or, where it is absent or malformed, the several.
pub(crate) fn read(headers: &HeaderMap) -> Result<Option<Told>, Malformed> {
    match once(headers, &B3).and_then(|value| value.map(single).transpose()) {
        Ok(Some(told)) => Ok(Some(told)),
        Ok(None) => several(headers),
        Err(malformed) => match several(headers) {
            Ok(Some(told)) => Ok(Some(told)),
            _ => Err(malformed),
        },
    }
}

/// Removes both forms.
pub(crate) fn clear(headers: &mut HeaderMap) {
    for name in [B3, X_B3_TRACE_ID, X_B3_SPAN_ID, X_B3_PARENT_SPAN_ID, X_B3_SAMPLED, X_B3_FLAGS] {
        headers.remove(name);
    }
}

/// Writes `b3`; the parent is left out, for each side of a call has a span of its own.
pub(crate) fn write_single(ids: &TraceIds, wish: Wish, headers: &mut HeaderMap) {
    let state = match (wish, ids.flags.is_sampled()) {
        (Wish::Debug, _) => 'd',
        (_, true) => '1',
        (_, false) => '0',
    };
    let value = format!("{}-{}-{state}", ids.trace_id.to_hex().as_str(), ids.span_id.to_hex().as_str());
    insert(headers, B3, &value);
}

/// Writes the several headers; the parent is left out, for each side of a call has a span of its own.
pub(crate) fn write_several(ids: &TraceIds, wish: Wish, headers: &mut HeaderMap) {
    insert(headers, X_B3_TRACE_ID, ids.trace_id.to_hex().as_str());
    insert(headers, X_B3_SPAN_ID, ids.span_id.to_hex().as_str());
    match wish {
        // It implies sampled, which is not to be told beside it.
        Wish::Debug => insert(headers, X_B3_FLAGS, "1"),
        _ => insert(headers, X_B3_SAMPLED, if ids.flags.is_sampled() { "1" } else { "0" }),
    }
}

fn insert(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// `trace-span`, `trace-span-state`, `trace-span-state-parent`, or a state alone.
fn single(value: &[u8]) -> Result<Told, Malformed> {
    let mut fields = value.split(|&byte| byte == b'-');
    let mut next = || fields.next();
    match (next(), next(), next(), next(), next()) {
        (Some(state), None, ..) => Ok(Told { ids: None, wish: alone(sampling(state)?) }),
        (Some(trace), Some(span), state, parent, None) => {
            if let Some(parent) = parent {
                span_digits(parent)?;
            }
            told(trace, span, state.map_or(Ok(Sampling::Open), sampling)?)
        }
        _ => Err(Malformed),
    }
}

fn several(headers: &HeaderMap) -> Result<Option<Told>, Malformed> {
    let trace = once(headers, &X_B3_TRACE_ID)?;
    let span = once(headers, &X_B3_SPAN_ID)?;
    if let Some(parent) = once(headers, &X_B3_PARENT_SPAN_ID)? {
        span_digits(parent)?;
    }
    let state = match (once(headers, &X_B3_FLAGS)?, once(headers, &X_B3_SAMPLED)?) {
        // Every other value says nothing.
        (Some(b"1"), _) => Sampling::Debug,
        // What older tracers wrote.
        (_, Some(b"true")) => Sampling::Yes,
        (_, Some(b"false")) => Sampling::No,
        (_, Some(b"d")) => return Err(Malformed),
        (_, Some(state)) => sampling(state)?,
        (_, None) => Sampling::Open,
    };
    match (trace, span) {
        (Some(trace), Some(span)) => told(trace, span, state).map(Some),
        (None, None) if state == Sampling::Open => Ok(None),
        (None, None) => Ok(Some(Told { ids: None, wish: alone(state) })),
        _ => Err(Malformed),
    }
}

/// The state of sampling, as B3 tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sampling {
    Open,
    No,
    Yes,
    Debug,
}

fn sampling(state: &[u8]) -> Result<Sampling, Malformed> {
    match state {
        b"0" => Ok(Sampling::No),
        b"1" => Ok(Sampling::Yes),
        b"d" => Ok(Sampling::Debug),
        _ => Err(Malformed),
    }
}

/// What a state without ids asks of the trace that begins here.
const fn alone(state: Sampling) -> Wish {
    match state {
        Sampling::Open | Sampling::Yes => Wish::Flag,
        Sampling::No => Wish::No,
        Sampling::Debug => Wish::Debug,
    }
}

fn told(trace: &[u8], span: &[u8], state: Sampling) -> Result<Told, Malformed> {
    // 64 bits or 128, nothing between.
    let trace_id = match trace.len() {
        16 | 32 => padded(trace).and_then(TraceId::from_bytes).ok_or(Malformed)?,
        _ => return Err(Malformed),
    };
    let span_id = SpanId::from_bytes(span_digits(span)?).ok_or(Malformed)?;
    let (flags, wish) = match state {
        Sampling::No => (TraceFlags::NONE, Wish::Flag),
        Sampling::Yes => (TraceFlags::SAMPLED, Wish::Flag),
        Sampling::Open => (TraceFlags::SAMPLED, Wish::Open),
        Sampling::Debug => (TraceFlags::SAMPLED, Wish::Debug),
    };
    Ok(Told { ids: Some(TraceIds { trace_id, span_id, flags }), wish })
}

fn span_digits(digits: &[u8]) -> Result<[u8; 8], Malformed> {
    if digits.len() == 16 { padded(digits).ok_or(Malformed) } else { Err(Malformed) }
}
