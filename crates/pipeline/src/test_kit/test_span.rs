//! A span that ended, to be asserted on.

use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;

use super::fail::{assert_has, assert_has_no, fail, listed};

/// A span that ended.
#[derive(Clone, Debug)]
pub struct TestSpan(SpanData);

impl TestSpan {
    pub(super) fn new(span: SpanData) -> Self {
        Self(span)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its kind: `server`, `client`, `internal`, `producer` or `consumer`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.0.span_kind {
            SpanKind::Server => "server",
            SpanKind::Client => "client",
            SpanKind::Internal => "internal",
            SpanKind::Producer => "producer",
            SpanKind::Consumer => "consumer",
        }
    }

    /// Its trace, 32 hex digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        self.0.span_context.trace_id().to_string()
    }

    /// Its id, 16 hex digits.
    #[must_use]
    pub fn span_id(&self) -> String {
        self.0.span_context.span_id().to_string()
    }

    /// The id of its parent, 16 hex digits; `None` for the root of a trace.
    #[must_use]
    pub fn parent_span_id(&self) -> Option<String> {
        let parent = self.0.parent_span_id;
        (parent != SpanId::INVALID).then(|| parent.to_string())
    }

    /// Whether its status is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self.0.status, Status::Error { .. })
    }

    /// An attribute as text, if the span has it.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<String> {
        let found = self.0.attributes.iter().find(|attribute| attribute.key.as_str() == key)?;
        Some(found.value.as_str().into_owned())
    }

    /// All that OpenTelemetry knows of it.
    #[must_use]
    pub fn data(&self) -> &SpanData {
        &self.0
    }

    /// Asserts that the span has an attribute with this value, compared as text.
    ///
    /// # Panics
    /// If it has not; the message lists what it has.
    #[track_caller]
    pub fn has(&self, key: &str, value: impl ToString) -> &Self {
        assert_has(self, key, self.attribute(key), &value.to_string(), || self.list());
        self
    }

    /// Asserts that the span has no such attribute.
    ///
    /// # Panics
    /// If it has.
    #[track_caller]
    pub fn has_no(&self, key: &str) -> &Self {
        assert_has_no(self, key, self.attribute(key));
        self
    }

    /// Asserts that the span is a child of that one.
    ///
    /// # Panics
    /// If it is not.
    #[track_caller]
    pub fn is_child_of(&self, parent: &Self) -> &Self {
        if self.trace_id() != parent.trace_id() {
            fail(&format!("{self} is of trace {}, but {parent} of {}", self.trace_id(), parent.trace_id()));
        }
        if self.parent_span_id().as_deref() != Some(&*parent.span_id()) {
            let told = self.parent_span_id().unwrap_or_else(|| "nobody".to_owned());
            fail(&format!("{self} is a child of {told}, not of {parent}, which is {}", parent.span_id()));
        }
        self
    }

    fn list(&self) -> String {
        let one =
            |attribute: &opentelemetry::KeyValue| format!("{}={:?}", attribute.key, attribute.value.as_str());
        listed(self.0.attributes.iter().map(one), "no attribute")
    }
}

impl std::fmt::Display for TestSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the {} span {:?}", self.kind(), self.name())
    }
}
