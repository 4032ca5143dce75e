//! The decision of a service: heads, rules, the tail and the budget, in one.

use std::fmt;

use crate::decide::Reason;
use crate::sampling::budget::Budget;
use crate::sampling::builder::SamplerBuilder;
use crate::sampling::cost::Cost;
use crate::sampling::forced::Forced;
use crate::sampling::head::Head;
use crate::sampling::heads::Heads;
use crate::sampling::keeper::Keeper;
use crate::sampling::kept::Kept;
use crate::sampling::rules::Rules;
use crate::sampling::tail::Tail;

/// Decides which exchanges are kept: at the head by rules and heads, at the end by what became of them, and all of it
/// within a budget of spans per second.
///
/// In this order: a rule that drops; a parent in this process, which is followed; a rule that keeps or gives a
/// probability; the head for this kind of parent; whoever may force a trace. What the head does not keep waits for
/// its end, if there is a [`Tail`].
///
/// ```
/// use tower_telemetry_trace::sampling::{Head, Rules, Sampler, Tail};
///
/// let sampler = Sampler::builder()
///     .root(Head::probability(0.01))
///     .rules(Rules::default().keep("/pay"))
///     .tail(Tail::default())
///     .budget(2000.0)
///     .build();
/// assert_eq!(
///     sampler.to_string(),
///     "parentbased_traceidratio 0.01, 6 rules; at the end errors, calls above p97 of their route, \
///      the first 60 of a route; at most 2000 spans/s"
/// );
/// ```
///
/// What was kept and what the budget refused can be read at any time ([`kept`](Self::kept),
/// [`budget`](Self::budget)). A decision costs less than a microsecond and allocates nothing, but for the `ot` entry
/// of a trace that is kept at its head, and for the first call of a route.
#[derive(Debug)]
pub struct Sampler {
    pub(super) heads: Heads,
    pub(super) rules: Rules,
    pub(super) forced: Option<Forced>,
    pub(super) keeper: Option<Keeper>,
    pub(super) budget: Budget,
    pub(super) cost: Cost,
    pub(super) kept: Kept,
}

impl Sampler {
    /// A sampler whose parts are chosen one by one.
    pub fn builder() -> SamplerBuilder {
        SamplerBuilder::default()
    }

    /// Keeps all but what callers did not keep, as long as it is not more than so many spans per second.
    #[must_use]
    pub fn always_on_bounded(spans_per_second: f64) -> Self {
        Self::builder().root(Head::always_on()).budget(spans_per_second).build()
    }

    /// Keeps one in a hundred traces, and at the end what matters: at most 1,000 spans per second.
    #[must_use]
    pub fn production() -> Self {
        Self::builder().root(Head::probability(0.01)).tail(Tail::default()).build()
    }

    /// How many traces, or parts of traces in this process, were kept for this reason.
    #[must_use]
    pub fn kept(&self, reason: Reason) -> u64 {
        self.kept.of(reason)
    }

    /// The budget, and what it refused.
    #[must_use]
    pub const fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Whether some exchanges are decided at their end.
    #[must_use]
    pub const fn has_tail(&self) -> bool {
        self.keeper.is_some()
    }
}

/// What is in force, in one line.
impl fmt::Display for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.heads.fmt(f)?;
        match self.rules.len() {
            0 => {}
            1 => f.write_str(", 1 rule")?,
            rules => write!(f, ", {rules} rules")?,
        }
        if let Some(keeper) = &self.keeper {
            write!(f, "; at the end {}", keeper.tail())?;
        }
        write!(f, "; {}", self.budget)
    }
}
