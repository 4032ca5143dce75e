//! What the event that is being read belongs to: from the layer, which knows the event, to the record, which does not.

use std::cell::Cell;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use tower_telemetry_log::Belonging;

thread_local! {
    static OWNER: Cell<Option<Owner>> = const { Cell::new(None) };
}

/// Whom an event belongs to, and the spans around it.
#[derive(Debug)]
pub(super) struct Owner {
    pub(super) belonging: Belonging,
    /// The fields of the spans, the outermost first.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl Owner {
    /// Lays it down for the record that is made next on this thread.
    pub(super) fn lay_down(self) {
        // A thread that ends has no place for it; its last events are nobody's.
        let _ = OWNER.try_with(|place| place.set(Some(self)));
    }

    /// Takes it up.
    pub(super) fn take_up() -> Option<Self> {
        OWNER.try_with(Cell::take).ok().flatten()
    }
}
