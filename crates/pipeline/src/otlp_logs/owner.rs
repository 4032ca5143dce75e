//! Whom the event that is being read belongs to: from the layer, which knows the event, to the record, which does not.

use std::cell::Cell;

use tower_telemetry_log::Belonging;

thread_local! {
    static OWNER: Cell<Option<Belonging>> = const { Cell::new(None) };
}

/// Lays it down for the record that is made next on this thread.
pub(super) fn lay_down(owner: Belonging) {
    // A thread that ends has no place for it; its last events are nobody's.
    let _ = OWNER.try_with(|place| place.set(Some(owner)));
}

/// Takes it up.
pub(super) fn take_up() -> Option<Belonging> {
    OWNER.try_with(Cell::take).ok().flatten()
}
