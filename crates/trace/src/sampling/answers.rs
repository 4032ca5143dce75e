//! What a sampler answers, step by step.

use std::time::Duration;

use tower_telemetry_core::trace_ids::TraceId;
use tower_telemetry_core::{Exchange, Moment, Outcome, Protocol, Verdict};

use crate::decide::{Decide, Decision, Learning, Origin, Parent, Question, Reason, Response};
use crate::sampling::budget::Pool;
use crate::sampling::head::{Asked, Claim, Head};
use crate::sampling::keeper::{Call, Hint};
use crate::sampling::ot::Ot;
use crate::sampling::randomness::Randomness;
use crate::sampling::rules::Action;
use crate::sampling::sampler::Sampler;
use crate::sampling::threshold::Threshold;

impl Decide for Sampler {
    fn at_head(&self, question: &Question<'_>) -> Decision {
        let action = self.rules.action(question.exchange, question.head);
        match action {
            Some(Action::Drop) => Decision::Drop,
            None if question.parent.is_none() && self.refuses_root(question.trace_id) => self.unsampled(),
            _ => self.weigh(question, action),
        }
    }

    fn at_response(&self, exchange: &Exchange, response: &Response) -> bool {
        let Some(keeper) = &self.keeper else { return false };
        let is_fault = match (exchange.protocol, response.grpc) {
            (Protocol::Grpc | Protocol::GrpcWeb, Some(code)) => code.is_server_error(),
            _ => response.status.is_server_error(),
        };
        let verdict = if is_fault { Verdict::ServiceFault } else { Verdict::Ok };
        keeper.will_keep(&self.call(exchange, response.elapsed, verdict), &self.budget)
    }

    fn at_end(&self, exchange: &Exchange, outcome: &Outcome, spans: usize) -> Option<Reason> {
        let call = self.call(exchange, outcome.total, outcome.verdict);
        let reason = self.keeper.as_ref()?.keep(&call, spans, &self.budget)?;
        self.kept.count(reason);
        Some(reason)
    }

    /// As about a root of a request, but nothing can wait for its end. No exchange tells the time here.
    fn at_own_root(&self, trace_id: TraceId) -> Decision {
        let randomness = Randomness::of_trace(trace_id);
        let asked = Asked { parent: None, randomness, at: Moment::now().since_start() };
        let claim = self.heads.of(None).keeps(&asked);
        if claim.is_none() || !self.pays(&[Pool::Head], asked.at) {
            return Decision::Drop;
        }
        self.cost.trace();
        self.kept.count(Reason::Head);
        self.record(Reason::Head, claim, &asked)
    }

    fn learn(&self, exchange: &Exchange, outcome: &Outcome) {
        if let Some(keeper) = &self.keeper {
            keeper.learn(&self.call(exchange, outcome.total, outcome.verdict));
        }
    }

    fn learning(&self) -> Learning {
        if self.has_tail() { Learning::FromEnds } else { Learning::Nothing }
    }
}

impl Sampler {
    /// Whether the head alone says no to a trace that begins here: what most questions come to.
    fn refuses_root(&self, trace_id: TraceId) -> bool {
        self.forced.is_none() && self.heads.of(None).refuses(Randomness::of_trace(trace_id))
    }

    /// What all that may have a say come to.
    #[inline(never)]
    fn weigh(&self, question: &Question<'_>, action: Option<Action>) -> Decision {
        let randomness = question
            .parent
            .and_then(|parent| Ot::of(parent.state).randomness())
            .unwrap_or_else(|| Randomness::of_trace(question.trace_id));
        let asked =
            Asked { parent: question.parent, randomness, at: question.exchange.arrived().since_start() };
        let is_paid = |parent: &Parent<'_>| parent.origin == Origin::Local && parent.ids.flags.is_sampled();
        if question.parent.as_ref().is_some_and(is_paid) {
            return self.follow(question, &asked);
        }
        let claim = self.claim(action, question, &asked);
        let is_kept = claim.is_some() && self.pays(&[Pool::Head], asked.at);
        let (reason, claim) = if is_kept {
            (Reason::Head, claim)
        } else if self.pays_for_forced(question, asked.at) {
            (Reason::Forced, None)
        } else {
            return self.unsampled();
        };
        self.cost.trace();
        self.kept.count(reason);
        self.record(reason, claim, &asked)
    }

    /// Within this process a trace is kept whole or not at all; its beginning has paid for it.
    fn follow(&self, question: &Question<'_>, asked: &Asked<'_>) -> Decision {
        match self.heads.of(question.parent).keeps(asked) {
            Some(claim) => {
                self.cost.span();
                self.record(Reason::Head, Some(claim), asked)
            }
            None => self.unsampled(),
        }
    }

    /// What the head says, by the rule for this exchange or else by its parent.
    fn claim(&self, action: Option<Action>, question: &Question<'_>, asked: &Asked<'_>) -> Option<Claim> {
        let is_parent_sampled = question.parent.is_some_and(|parent| parent.ids.flags.is_sampled());
        match action {
            Some(Action::Keep) => Head::always_on().keeps(asked),
            Some(Action::Probability(threshold)) if !is_parent_sampled => {
                threshold.keeps(asked.randomness).then_some(Claim::Threshold(threshold))
            }
            _ => self.heads.of(question.parent).keeps(asked),
        }
    }

    fn pays_for_forced(&self, question: &Question<'_>, at: Duration) -> bool {
        self.forced.as_ref().is_some_and(|forced| forced.asks(question.head))
            && self.pays(&[Pool::Head, Pool::Slow, Pool::Errors], at)
    }

    /// Pays for a trace, with as many spans as traces have.
    fn pays(&self, pools: &[Pool], at: Duration) -> bool {
        self.budget.take(pools, at, self.cost.of_a_trace())
    }

    fn record(&self, reason: Reason, claim: Option<Claim>, asked: &Asked<'_>) -> Decision {
        let ot = asked.parent.map_or(Ot::NONE, |parent| Ot::of(parent.state));
        // While a budget refuses, what it lets pass is kept with a lower probability than any head can tell.
        let claim = claim.filter(|_| !self.budget.refuses_heads(asked.at));
        let ot = match (claim, ot.threshold()) {
            // Where every root is kept, each stands for itself without a word, and no callee is sent a header for it.
            (Some(Claim::Threshold(Threshold::ALWAYS)), None) if self.heads.of(None).is_always_on() => None,
            (Some(Claim::Threshold(threshold)), _) => ot.telling(threshold),
            (Some(Claim::Parent), Some(threshold)) if threshold.keeps(asked.randomness) => None,
            // Unknown, or the parent's threshold contradicts its flag.
            _ => ot.untold(),
        };
        Decision::Record { reason, ot }
    }

    const fn unsampled(&self) -> Decision {
        if self.keeper.is_some() { Decision::Wait } else { Decision::Drop }
    }

    fn call(&self, exchange: &Exchange, total: Duration, verdict: Verdict) -> Call {
        Call {
            side: exchange.side,
            route: exchange.route(),
            method: exchange.method,
            ended: (exchange.arrived() + total).since_start(),
            total,
            verdict,
            hint: if exchange.is_wanted() { Hint::Kept } else { Hint::None },
        }
    }
}
