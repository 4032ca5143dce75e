//! A sampler, put together.

use crate::sampling::budget::Budget;
use crate::sampling::cost::Cost;
use crate::sampling::forced::Forced;
use crate::sampling::head::Head;
use crate::sampling::heads::Heads;
use crate::sampling::keeper::Keeper;
use crate::sampling::kept::Kept;
use crate::sampling::rules::Rules;
use crate::sampling::sampler::Sampler;
use crate::sampling::tail::Tail;

/// The parts of a [`Sampler`]; by default parents are followed, roots and their ends are kept within 1,000 spans per
/// second, and probes are dropped.
#[derive(Debug, Clone)]
#[must_use]
pub struct SamplerBuilder {
    heads: Heads,
    rules: Rules,
    forced: Option<Forced>,
    tail: Option<Tail>,
    budget: f64,
}

impl SamplerBuilder {
    /// Decides so for what has no parent.
    pub fn root(mut self, head: Head) -> Self {
        self.heads = self.heads.root(head);
        self
    }

    /// Decides so for each kind of parent.
    pub fn heads(mut self, heads: Heads) -> Self {
        self.heads = heads;
        self
    }

    /// Asks these rules first, in place of [`Rules::default`].
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Keeps what asks for it, if it may.
    pub fn forced(mut self, forced: Forced) -> Self {
        self.forced = Some(forced);
        self
    }

    /// Decides at the end about what the head did not keep.
    pub fn tail(mut self, tail: Tail) -> Self {
        self.tail = Some(tail);
        self
    }

    /// Keeps no more than this many spans per second, server and client spans together; any number if it is infinite.
    ///
    /// With a tail, errors have 40 % of it, slow ones 40 % and the head 20 %, else the head has it all. No second sees
    /// more than 1.35 times the budget. Spans that a program makes by itself within a kept exchange come on top.
    pub const fn budget(mut self, spans_per_second: f64) -> Self {
        self.budget = spans_per_second;
        self
    }

    /// The sampler; its time begins now.
    #[must_use]
    pub fn build(self) -> Sampler {
        let Self { heads, rules, forced, tail, budget } = self;
        Sampler {
            heads,
            rules,
            forced,
            keeper: tail.map(Keeper::new),
            budget: if tail.is_some() { Budget::shared(budget) } else { Budget::of_head(budget) },
            cost: Cost::new(),
            kept: Kept::default(),
        }
    }
}

impl Default for SamplerBuilder {
    fn default() -> Self {
        Self { heads: Heads::default(), rules: Rules::default(), forced: None, tail: None, budget: 1000.0 }
    }
}
