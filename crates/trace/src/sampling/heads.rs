//! A head for each kind of parent.

use std::fmt;

use crate::decide::{Origin, Parent};
use crate::sampling::head::Head;

/// Which head decides, by the parent of a span.
///
/// ```
/// use tower_telemetry_trace::sampling::{Head, Heads};
///
/// let heads = Heads::parent_based(Head::probability(0.1));
/// assert_eq!(heads.to_string(), "parentbased_traceidratio 0.1");
///
/// // What a caller did not keep may be kept here all the same.
/// let heads = heads.remote_unsampled(Head::probability(0.01));
/// # let _ = heads;
/// ```
#[derive(Debug, Clone)]
pub struct Heads {
    parents: Parents,
    root: Head,
    remote_sampled: Head,
    remote_unsampled: Head,
    local_sampled: Head,
    local_unsampled: Head,
}

/// How parents count, for the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parents {
    Followed,
    Ignored,
    Mixed,
}

impl Heads {
    /// `parentbased_*`: a span that has a parent does as that did, and this head decides for those that have none.
    #[must_use]
    pub const fn parent_based(root: Head) -> Self {
        Self {
            parents: Parents::Followed,
            root,
            remote_sampled: Head::as_parent(),
            remote_unsampled: Head::as_parent(),
            local_sampled: Head::as_parent(),
            local_unsampled: Head::as_parent(),
        }
    }

    /// One head for all, whatever their parents did.
    #[must_use]
    pub fn for_all(head: Head) -> Self {
        Self {
            parents: Parents::Ignored,
            root: head.clone(),
            remote_sampled: head.clone(),
            remote_unsampled: head.clone(),
            local_sampled: head.clone(),
            local_unsampled: head,
        }
    }

    /// Decides for those without a parent.
    #[must_use]
    pub fn root(mut self, head: Head) -> Self {
        self.root = head;
        self
    }

    /// Decides for those whose parent in another process was kept.
    #[must_use]
    pub fn remote_sampled(self, head: Head) -> Self {
        Self { parents: Parents::Mixed, remote_sampled: head, ..self }
    }

    /// Decides for those whose parent in another process was not kept.
    #[must_use]
    pub fn remote_unsampled(self, head: Head) -> Self {
        Self { parents: Parents::Mixed, remote_unsampled: head, ..self }
    }

    /// Decides for those whose parent in this process was kept.
    #[must_use]
    pub fn local_sampled(self, head: Head) -> Self {
        Self { parents: Parents::Mixed, local_sampled: head, ..self }
    }

    /// Decides for those whose parent in this process was not kept.
    #[must_use]
    pub fn local_unsampled(self, head: Head) -> Self {
        Self { parents: Parents::Mixed, local_unsampled: head, ..self }
    }

    /// The head for a span with this parent.
    pub(super) fn of(&self, parent: Option<Parent<'_>>) -> &Head {
        let Some(parent) = parent else { return &self.root };
        match (parent.origin, parent.ids.flags.is_sampled()) {
            (Origin::Remote, true) => &self.remote_sampled,
            (Origin::Remote, false) => &self.remote_unsampled,
            (Origin::Local, true) => &self.local_sampled,
            (Origin::Local, false) => &self.local_unsampled,
        }
    }
}

impl Default for Heads {
    fn default() -> Self {
        Self::parent_based(Head::always_on())
    }
}

/// By the names of `OTEL_TRACES_SAMPLER`, where there is one.
impl fmt::Display for Heads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parents {
            Parents::Followed => write!(f, "parentbased_{}", self.root),
            Parents::Ignored => self.root.fmt(f),
            Parents::Mixed => write!(
                f,
                "root {}, remote sampled {}, remote unsampled {}, local sampled {}, local unsampled {}",
                self.root,
                self.remote_sampled,
                self.remote_unsampled,
                self.local_sampled,
                self.local_unsampled
            ),
        }
    }
}
