//! What the exchange that is being handled adds to a line: its ids, and the notes of its handler. Other work has
//! ids, too.

use tower_telemetry_core::names::field;
use tower_telemetry_core::{Exchange, RequestId, Scope, TraceIds, Value};

use crate::active_span::ActiveSpan;
use crate::fragment::Fragment;
use crate::ids_text;
use crate::json::{self, Fit};

/// For whom an event happens, and in which span. Every line asks it, so a line's ids are those of the exported
/// span and of the response's headers, sampled or not.
#[derive(Debug)]
pub(crate) struct Context {
    scope: Scope,
    ids: Option<TraceIds>,
}

impl Context {
    /// The active span counts where it is of the same trace, or where there is no other trace to tell.
    pub(crate) fn new(scope: Scope, active_span: ActiveSpan) -> Self {
        let own = scope.trace();
        let active = active_span.ids().filter(|active| own.is_none_or(|own| own.trace_id == active.trace_id));
        Self { ids: active.or(own), scope }
    }

    /// Whether the exchange tells this key itself, so that a user's field of that name may not.
    pub(crate) fn owns(&self, key: &str) -> bool {
        match key {
            field::TRACE_ID | field::SPAN_ID => self.ids.is_some(),
            field::REQUEST_ID => self.scope.request_id().is_some(),
            field::LINKED_TRACE_ID => self.scope.linked().is_some(),
            _ => false,
        }
    }

    pub(crate) fn ids(&self) -> Option<&TraceIds> {
        self.ids.as_ref()
    }

    pub(crate) fn request_id(&self) -> Option<&RequestId> {
        self.scope.request_id()
    }

    pub(crate) fn linked(&self) -> Option<&TraceIds> {
        self.scope.linked()
    }

    /// The route of the exchange, if it is known by now.
    pub(crate) fn route(&self) -> Option<&'static str> {
        self.scope.exchange()?.route().as_str()
    }

    /// Appends `trace_id`, `span_id` (lower-case hex), `request_id` and `linked_trace_id`, those that are known.
    pub(crate) fn write_ids(&self, line: &mut Vec<u8>) {
        ids_text::write(self.ids(), self.request_id(), line);
        if let Some(ids) = self.scope.linked() {
            line.extend_from_slice(b",\"linked_trace_id\":\"");
            line.extend_from_slice(ids.trace_id.to_hex().as_bytes());
            line.push(b'"');
        }
    }

    /// Whether the handler has written something on its exchange.
    pub(crate) fn has_notes(&self) -> bool {
        self.scope.exchange().is_some_and(|exchange| has_notes(exchange))
    }

    /// Gathers the attributes and labels that the handler has written on its exchange.
    pub(crate) fn read_notes(&self, notes: &mut Fragment, limit: usize) {
        let Some(exchange) = self.scope.exchange() else { return };
        exchange.attributes(|key, value| {
            notes.put(key, limit, |out| match value {
                Value::Text(text) => json::string(out, text),
                Value::Integer(number) => whole(|| json::integer(out, *number)),
                Value::Float(number) => whole(|| json::float(out, *number)),
                Value::Bool(truth) => whole(|| json::boolean(out, *truth)),
                other => json::debug(out, other),
            });
        });
        exchange.labels(|name, value| notes.put(name, limit, |out| json::string(out, value)));
    }
}

fn whole(write: impl FnOnce()) -> Fit {
    write();
    Fit::Whole
}

/// Whether anything was written on this exchange.
pub(crate) fn has_notes(exchange: &Exchange) -> bool {
    let mut has = false;
    exchange.attributes(|_, _| has = true);
    exchange.labels(|_, _| has = true);
    has
}
