//! The panic that the item `panic` asks for, kept off stderr.

use std::panic;

/// The payload by which the hook knows the demo's own panics.
struct IntendedPanic;

/// Panics as a faulty handler would.
#[allow(clippy::panic, reason = "it is what the item asks for")]
pub(crate) fn raise() -> ! {
    panic::panic_any(IntendedPanic)
}

/// Silences intended panics; every other one is told to `before` and then to the hook that stood here.
pub(crate) fn silence(before: impl Fn() + Send + Sync + 'static) {
    let inner = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !info.payload().is::<IntendedPanic>() {
            before();
            inner(info);
        }
    }));
}
