//! Whom a server believes: its callers, or nobody.

/// What a server does with the trace context and the request id of its callers.
///
/// The default is [`Trust::Parent`], for a service behind services of the same house. A service
/// that strangers can reach wants [`Trust::Link`]. One that both can reach tells them apart with a
/// [`TrustPolicy`](crate::TrustPolicy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Trust {
    /// The caller's span becomes the parent, its sampling decision is obeyed, its baggage and its request id are
    /// taken.
    #[default]
    Parent,
    /// A new trace begins, with a link to the caller's span; its decision is not obeyed, its baggage dropped, its
    /// request id kept apart.
    Link,
    /// A new trace begins, and nothing of the caller's is kept.
    Never,
}
