//! The same formats as OpenTelemetry's propagator, for carriers that are no request.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::{JAEGER_BAGGAGE_PREFIX, header};
use tower_telemetry_core::trace_ids::TraceFlags;

use crate::propagation::format::Format;
use crate::propagation::ids_of;
use crate::propagation::propagator::Propagation;

/// A [`Propagation`] as OpenTelemetry's `TextMapPropagator`: for message headers, for libraries that want one, and for
/// the global place.
///
/// ```
/// use std::collections::HashMap;
/// use opentelemetry::propagation::TextMapPropagator;
/// use tower_telemetry_trace::{Propagation, TextMap};
///
/// let propagator = TextMap::from(Propagation::default());
/// let mut carrier = HashMap::new();
/// carrier.insert("traceparent".into(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into());
/// let context = propagator.extract(&carrier);
/// # let _ = context;
///
/// opentelemetry::global::set_text_map_propagator(propagator);
/// ```
///
/// Whom a caller believes is for the user of `extract` to say: it believes all. An `Injector` cannot remove, so what a
/// carrier held before should not go out again; [destinations](Propagation::with_destinations) are nothing that it
/// knows. The random flag of W3C is that of the exchange in which `inject` is called, where the trace is the same:
/// OpenTelemetry's spans forget it.
#[derive(Debug, Clone)]
pub struct TextMap {
    propagation: Propagation,
    fields: Vec<String>,
}

impl From<Propagation> for TextMap {
    fn from(propagation: Propagation) -> Self {
        let of = |format: &Format| match format {
            Format::TraceContext => vec![header::TRACEPARENT, header::TRACESTATE],
            Format::Baggage => vec![header::BAGGAGE],
            Format::B3 => vec![header::B3],
            Format::B3Multi => {
                vec![header::X_B3_TRACE_ID, header::X_B3_SPAN_ID, header::X_B3_SAMPLED, header::X_B3_FLAGS]
            }
            Format::Jaeger => vec![header::UBER_TRACE_ID],
        };
        let fields = propagation.formats().iter().flat_map(of).map(|name| name.to_string()).collect();
        Self { propagation, fields }
    }
}

impl TextMapPropagator for TextMap {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let mut headers = HeaderMap::new();
        let ids = ids_of(context.span().span_context()).map(with_random_flag);
        self.propagation.write(ids.as_ref(), context, &mut headers);
        for (name, value) in &headers {
            if let Ok(value) = value.to_str() {
                injector.set(name.as_str(), value.to_owned());
            }
        }
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let mut headers = HeaderMap::new();
        for key in extractor.keys() {
            let Ok(name) = HeaderName::try_from(key) else { continue };
            if !is_read(&name) || headers.contains_key(&name) {
                continue;
            }
            for line in extractor.get_all(key).unwrap_or_default() {
                // One that no header may hold is malformed in every format.
                let value = HeaderValue::from_str(line).unwrap_or(const { HeaderValue::from_static("?") });
                headers.append(&name, value);
            }
        }
        self.propagation.read(&headers).attach_to(context)
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}

/// Whether some format reads this header.
fn is_read(name: &HeaderName) -> bool {
    const READ: [HeaderName; 10] = [
        header::TRACEPARENT,
        header::TRACESTATE,
        header::BAGGAGE,
        header::B3,
        header::X_B3_TRACE_ID,
        header::X_B3_SPAN_ID,
        header::X_B3_PARENT_SPAN_ID,
        header::X_B3_SAMPLED,
        header::X_B3_FLAGS,
        header::UBER_TRACE_ID,
    ];
    READ.contains(name) || name.as_str().starts_with(JAEGER_BAGGAGE_PREFIX)
}

fn with_random_flag(ids: TraceIds) -> TraceIds {
    let exchange = tower_telemetry_core::current();
    let told = exchange.as_ref().and_then(|exchange| exchange.trace());
    match told {
        Some(told) if told.trace_id == ids.trace_id && told.flags.is_random() => {
            TraceIds { flags: ids.flags.with(TraceFlags::RANDOM), ..ids }
        }
        _ => ids,
    }
}
