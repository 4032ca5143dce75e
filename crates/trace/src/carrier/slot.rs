//! What this thread carries for the spans that are entered on it.

use std::cell::{Cell, RefCell};

use tracing::span::Id;

use crate::tasks::{Continuation, ContinuationGuard};

thread_local! {
    /// Whether the next span that is entered is a carrier that carries nothing yet.
    static IS_LOADING: Cell<bool> = const { Cell::new(false) };
    /// The spans for which something was taken up: one, unless somebody lets the thread work for nobody within.
    static TAKEN_UP: RefCell<Vec<(Id, ContinuationGuard)>> = const { RefCell::new(Vec::new()) };
}

/// Lets the span that `enter` enters take down what is current.
pub(super) fn load<R>(enter: impl FnOnce() -> R) -> R {
    let _ = IS_LOADING.try_with(|is_loading| is_loading.set(true));
    let entered = enter();
    // A disabled span was not entered, and the next one is another.
    let _ = IS_LOADING.try_with(|is_loading| is_loading.set(false));
    entered
}

/// Whether the span that is being entered is to take down what is current.
pub(super) fn is_loading() -> bool {
    IS_LOADING.try_with(Cell::take).unwrap_or(false)
}

/// Makes it current until this span is left.
pub(super) fn take_up(span: &Id, continuation: &Continuation) {
    let guard = continuation.attach();
    // A thread that is being torn down carries nothing.
    let _ = TAKEN_UP.try_with(|all| all.borrow_mut().push((span.clone(), guard)));
}

/// Lays down what was taken up for this span.
pub(super) fn lay_down(span: &Id) {
    let laid_down = TAKEN_UP.try_with(|all| {
        let mut all = all.borrow_mut();
        let at = all.iter().rposition(|(entered, _)| entered == span)?;
        Some(all.remove(at))
    });
    // Outside of the borrow: the last reference to a span may run an exporter, which may enter others.
    drop(laid_down);
}
