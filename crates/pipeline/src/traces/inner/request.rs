//! The spans of one request, until its fate is known.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::{SpanContext, SpanId, TraceId};
use opentelemetry_sdk::trace::{SamplingDecision, SpanData};

use super::buffer::Shared;
use super::limits::{Limit, REQUEST_BYTES};
use super::open::key;
use super::size;

/// What becomes of the spans of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fate {
    #[default]
    Open,
    Kept,
    Dropped,
}

/// The spans of one request.
#[derive(Debug)]
pub(super) struct Request {
    shared: Arc<Shared>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fate: Fate,
    trace: Option<TraceId>,
    /// Why one was refused: its children are, too.
    refused: Option<Limit>,
    /// How many were admitted; of them these have begun.
    admitted: usize,
    begun: Vec<SpanId>,
    finished: Vec<SpanData>,
    /// Those that found no room when they ended, each with its parent.
    lost: Vec<(SpanId, SpanId)>,
    /// How much room is taken.
    bytes: usize,
}

impl Request {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, state: Mutex::default() }
    }

    /// Whether this span was admitted here: one of those that are not forgotten.
    pub(super) fn holds(&self, span: SpanId) -> bool {
        self.state().begun.contains(&span)
    }

    /// Whether one more span is recorded.
    pub(super) fn admit(&self) -> SamplingDecision {
        let mut state = self.state();
        match state.fate {
            Fate::Kept => return SamplingDecision::RecordAndSample,
            Fate::Dropped => return SamplingDecision::Drop,
            Fate::Open => {}
        }
        let taken = if state.admitted >= self.shared.limits.max() {
            Err(Limit::RequestSpans)
        } else {
            self.take(&mut state, size::BEGUN)
        };
        match taken {
            Ok(()) => {
                state.admitted += 1;
                SamplingDecision::RecordOnly
            }
            Err(limit) => {
                state.refused = Some(limit);
                self.shared.counts.lose(limit);
                SamplingDecision::Drop
            }
        }
    }

    /// A span of this trace has a parent that is not held: one that was refused, where any was.
    pub(super) fn refuse_child(&self) {
        let state = self.state();
        if let (Fate::Open, Some(limit)) = (state.fate, state.refused) {
            self.shared.counts.lose(limit);
        }
    }

    /// A span that was admitted has begun.
    pub(super) fn begin(self: &Arc<Self>, span: &SpanContext) {
        let mut state = self.state();
        if state.fate == Fate::Dropped {
            return;
        }
        state.trace = Some(span.trace_id());
        state.begun.push(span.span_id());
        let mut open = self.shared.open();
        open.begin(key(span), self);
        // The request ended between the two.
        let forgotten = if state.fate == Fate::Kept { open.outlive(key(span)) } else { None };
        drop(open);
        drop(state);
        self.forget(forgotten);
    }

    /// A span has ended, and is no longer open.
    pub(super) fn end(&self, span: SpanData) {
        let mut state = self.state();
        match state.fate {
            Fate::Dropped => {}
            Fate::Kept => {
                let span = under_a_span_that_is_written(span, &state);
                drop(state);
                self.shared.write(span);
            }
            Fate::Open => match self.take(&mut state, size::beyond(&span)) {
                Ok(()) => {
                    if state.finished.len() == state.finished.capacity() {
                        // Twice as many, as a `Vec` would have it, is more than was taken.
                        state.finished.reserve_exact(4);
                    }
                    state.finished.push(span);
                }
                Err(limit) => {
                    let rest = size::BEGUN.saturating_sub(size::LOST);
                    state.bytes = state.bytes.saturating_sub(rest);
                    state.lost.push((span.span_context.span_id(), span.parent_span_id));
                    self.shared.counts.give_back(rest);
                    self.shared.counts.lose(limit);
                }
            },
        }
    }

    /// The request is over. The first to say so is heard.
    pub(super) fn settle(&self, fate: Fate) {
        let mut state = self.state();
        if state.fate != Fate::Open {
            return;
        }
        state.fate = fate;
        self.shared.counts.give_back(std::mem::take(&mut state.bytes));
        let finished = std::mem::take(&mut state.finished);
        if fate == Fate::Kept {
            let forgotten = self.outlive(&state);
            let written: Vec<_> =
                finished.into_iter().map(|span| under_a_span_that_is_written(span, &state)).collect();
            drop(state);
            self.forget(forgotten);
            written.into_iter().for_each(|span| self.shared.write(span));
        } else {
            let (begun, trace) = (std::mem::take(&mut state.begun), state.trace);
            state.lost = Vec::new();
            if let Some(trace) = trace {
                let mut open = self.shared.open();
                // What is open still is dropped at its end, as all that is not found.
                begun.iter().for_each(|span| drop(open.end(&(trace, *span))));
            }
        }
    }

    /// How many spans there will be, if they are kept.
    pub(super) fn count(&self) -> usize {
        let state = self.state();
        state.begun.len().saturating_sub(state.lost.len())
    }

    /// This span, or the nearest above it that is not lost; `None` if it is none of this request.
    pub(super) fn parent(&self, span: SpanId) -> Option<SpanId> {
        let state = self.state();
        state.begun.contains(&span).then(|| written(span, &state))
    }

    fn outlive(&self, state: &State) -> Vec<Arc<Self>> {
        let Some(trace) = state.trace else { return Vec::new() };
        let mut open = self.shared.open();
        state.begun.iter().filter_map(|span| open.outlive((trace, *span))).collect()
    }

    fn forget(&self, requests: impl IntoIterator<Item = Arc<Self>>) {
        requests.into_iter().for_each(|_| self.shared.counts.lose(Limit::Late));
    }

    fn take(&self, state: &mut State, bytes: usize) -> Result<(), Limit> {
        let taken = state.bytes.saturating_add(bytes);
        if taken > REQUEST_BYTES {
            return Err(Limit::RequestBytes);
        }
        if !self.shared.counts.take(bytes) {
            return Err(Limit::ProcessBytes);
        }
        state.bytes = taken;
        Ok(())
    }

    /// Nothing of others runs while it is held; those that are open may be asked for within it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn under_a_span_that_is_written(mut span: SpanData, state: &State) -> SpanData {
    span.parent_span_id = written(span.parent_span_id, state);
    span
}

fn written(mut span: SpanId, state: &State) -> SpanId {
    while let Some((_, parent)) = state.lost.iter().find(|(lost, _)| *lost == span) {
        span = *parent;
    }
    span
}
