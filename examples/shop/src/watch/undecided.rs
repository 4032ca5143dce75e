//! Calls of which nobody knows yet whether they have a span: they share the fate of the request that they were made in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tower_telemetry::Exchange;
use tower_telemetry_testing::ExchangeKey;

/// The calls of each request that is open.
#[derive(Debug, Clone, Default)]
pub(super) struct Undecided {
    calls: Arc<Mutex<HashMap<ExchangeKey, Vec<Arc<Exchange>>>>>,
}

impl Undecided {
    /// Keeps a call that has ended, until the request ends that decides about it; whether there is one.
    pub(super) fn keep(&self, call: &Arc<Exchange>) -> bool {
        let Some(request) = request_of(call) else { return false };
        let Some(ids) = request.trace() else { return false };
        let mut calls = self.calls();
        // Asked under the lock: a request that has ended does not come for its calls again.
        if request.outcome().is_some() {
            return false;
        }
        calls.entry(ExchangeKey::from(ids)).or_default().push(Arc::clone(call));
        true
    }

    /// The calls that were kept for a request that has ended.
    pub(super) fn take(&self, request: &Exchange) -> Vec<Arc<Exchange>> {
        let Some(ids) = request.trace() else { return Vec::new() };
        self.calls().remove(&ExchangeKey::from(ids)).unwrap_or_default()
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<ExchangeKey, Vec<Arc<Exchange>>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The request in which the call's trace began in this process.
fn request_of(call: &Exchange) -> Option<&Exchange> {
    let trace = call.trace()?.trace_id;
    let callers = std::iter::successors(call.caller(), |caller| caller.caller());
    callers.filter(|caller| caller.trace().is_some_and(|ids| ids.trace_id == trace)).last().map(Arc::as_ref)
}
