//! What the spans of an exchange continue.

use opentelemetry::Context;
use opentelemetry::trace::SpanContext;

use crate::propagation::told::Wish;

/// What a span is made under: a parent or none, a link or none, and what the caller says of sampling.
#[derive(Debug)]
pub(crate) struct Inherited {
    /// The context whose active span, if it has one, is the parent.
    pub(crate) context: Context,
    /// The caller's span, where it is no parent.
    pub(crate) link: Option<SpanContext>,
    /// What the caller says of sampling beyond the flag of the parent.
    pub(crate) wish: Wish,
}

impl Inherited {
    /// The context of this process, told by nobody else.
    pub(crate) const fn local(context: Context) -> Self {
        Self { context, link: None, wish: Wish::Flag }
    }
}
