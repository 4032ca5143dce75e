//! Ids that are told once.

use crate::once_words::OnceWords;
use crate::trace_ids::flags::TraceFlags;
use crate::trace_ids::ids::TraceIds;
use crate::trace_ids::span_id::SpanId;
use crate::trace_ids::trace_id::TraceId;

/// Room for the ids of one trace; the first to tell is heard.
#[derive(Debug)]
pub(crate) struct TraceCell(OnceWords<3>);

impl TraceCell {
    pub(crate) fn new() -> Self {
        Self(OnceWords::new())
    }

    pub(crate) fn set(&self, TraceIds { trace_id, span_id, flags }: TraceIds) {
        let [high, low] = trace_id.words();
        self.0.set([high, low, flags.to_byte().into()], span_id.word());
    }

    /// The ids, unless nobody has told them yet.
    pub(crate) fn get(&self) -> Option<TraceIds> {
        let ([high, low, flags], span) = self.0.get()?;
        Some(TraceIds {
            trace_id: TraceId::of_words(high, low)?,
            span_id: SpanId::of(span),
            flags: TraceFlags::from_byte(flags as u8),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_tell_is_heard() {
        let [first, second] = [TraceFlags::SAMPLED, TraceFlags::NONE].map(TraceIds::random);
        let cell = TraceCell::new();
        assert_eq!(cell.get(), None);
        cell.set(first);
        cell.set(second);
        assert_eq!(cell.get(), Some(first));
    }
}
