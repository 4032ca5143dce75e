//! What one hop tells the next of a trace.

use std::fmt;

use crate::trace_ids::flags::TraceFlags;
use crate::trace_ids::random::random_words;
use crate::trace_ids::span_id::SpanId;
use crate::trace_ids::trace_id::TraceId;

/// The ids that one hop tells the next: which trace, which span is the parent, and the flags of the trace.
///
/// `Display` writes the `traceparent` form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceIds {
    /// The trace, the same for all its spans.
    pub trace_id: TraceId,
    /// The span; it is the parent of whatever the receiver starts.
    pub span_id: SpanId,
    /// What is known of the trace: sampled, random.
    pub flags: TraceFlags,
}

impl TraceIds {
    /// Starts a new trace: random ids, and [`TraceFlags::RANDOM`] added to `flags`.
    #[must_use]
    pub fn random(flags: TraceFlags) -> Self {
        let [high, low, span] = random_words();
        Self {
            trace_id: TraceId::of_words(high, low).unwrap_or_else(TraceId::random),
            span_id: SpanId::of_word(span).unwrap_or_else(SpanId::random),
            flags: flags.with(TraceFlags::RANDOM),
        }
    }

    /// A new span in the same trace: the trace id and the flags are kept, the random flag included.
    #[must_use]
    pub fn child(self) -> Self {
        Self { span_id: SpanId::random(), ..self }
    }
}

impl fmt::Display for TraceIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(str::from_utf8(&self.traceparent()).unwrap_or_default())
    }
}

impl fmt::Debug for TraceIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceIds({self})")
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use super::*;

    #[test]
    fn a_new_trace_says_that_it_is_random() {
        assert_eq!(TraceIds::random(TraceFlags::NONE).flags, TraceFlags::RANDOM);
        assert_eq!(TraceIds::random(TraceFlags::SAMPLED).flags.to_byte(), 3);
    }

    #[test]
    fn ids_differ_within_a_thread_and_between_threads() {
        let ids = || {
            (0..1000)
                .map(|_| TraceIds::random(TraceFlags::NONE))
                .map(|ids| (ids.trace_id, ids.span_id))
                .collect()
        };
        let threads: Vec<_> = (0..4).map(|_| thread::spawn(ids)).collect();
        let mut all: Vec<_> = ids();
        for thread in threads {
            all.extend(thread.join().unwrap());
        }
        assert_eq!(all.iter().map(|(trace_id, _)| trace_id).collect::<HashSet<_>>().len(), 5000);
        assert_eq!(all.iter().map(|(_, span_id)| span_id).collect::<HashSet<_>>().len(), 5000);
    }
}
