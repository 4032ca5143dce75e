//! Which exchanges have an access line.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tower_telemetry_core::{Exchange, Outcome, Side, Verdict};

use crate::access::rate::Rate;

/// Cancelled exchanges that have a line, in a second: whoever hangs up at will shall not fill a disk.
const CANCELLED_PER_SECOND: u32 = 100;

/// How often a rule lets lines through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tell {
    /// Every exchange has its line.
    Always,
    /// None has.
    Never,
    /// Those of traces that are exported.
    IfKept,
    /// One in so many, by the trace id, so that all services choose the same; by count where there is none.
    OneIn(u32),
    /// As many in a second as this, and that many at once.
    PerSecond(u32),
}

/// Which exchanges have an access line: the first rule that matches decides, and without one the line is told.
///
/// What any rule but [`Tell::Never`] held back is [counted](super::LogContext::held_back), and
/// told as `held_back` on the next line that it lets through.
///
/// ```
/// use tower_telemetry_core::Verdict;
/// use tower_telemetry_log::{AccessRule, AccessRules, LogContext, Tell};
///
/// let rules = AccessRules::default() // in the end, cancelled exchanges: 100 in a second
///     .with(AccessRule::new(Tell::Never).route("/healthz"))
///     .with(AccessRule::new(Tell::OneIn(100)).route("/feed/*").verdict(Verdict::Ok));
/// let window = LogContext::new().with_rules(rules);
/// # let _ = window;
/// ```
#[derive(Debug, Clone)]
pub struct AccessRules(Arc<Shared>);

/// What the clones of a set of rules share; one count, for every exchange has a clone.
#[derive(Debug)]
struct Shared {
    rules: Vec<Counted>,
    /// The default rule, behind all others.
    last: Arc<Option<Counted>>,
}

/// What is told of the exchanges that match, and which do: all, if nothing more is said.
#[derive(Debug, Clone)]
#[must_use]
pub struct AccessRule {
    tell: Tell,
    route: Option<Box<str>>,
    verdict: Option<Verdict>,
    side: Option<Side>,
}

/// A rule, and what it did.
#[derive(Debug, Default)]
struct Counted {
    rule: AccessRule,
    rate: Rate,
    seen: AtomicU64,
    /// Lines held back since the last one.
    since: AtomicU64,
    held_back: AtomicU64,
}

/// Whether an exchange has its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    Told { held_back: u64 },
    HeldBack,
}

impl AccessRules {
    /// No rule at all: every exchange is told.
    #[must_use]
    pub fn none() -> Self {
        Self(Arc::new(Shared { rules: Vec::new(), last: Arc::default() }))
    }

    /// Adds a rule behind those that were added before, and in front of the default one. Counts begin anew.
    #[must_use]
    pub fn with(self, rule: AccessRule) -> Self {
        let Shared { rules, last } = &*self.0;
        let standing = rules.iter().map(|counted| counted.rule.clone());
        let rules = standing.chain([rule]).map(|rule| Counted { rule, ..Counted::default() }).collect();
        Self(Arc::new(Shared { rules, last: Arc::clone(last) }))
    }

    pub(crate) fn held_back(&self) -> u64 {
        self.all().map(|counted| counted.held_back.load(Ordering::Relaxed)).sum()
    }

    pub(crate) fn admit(&self, exchange: &Exchange, outcome: &Outcome) -> Admission {
        match self.all().find(|counted| counted.rule.matches(exchange, outcome)) {
            Some(counted) => counted.admit(exchange, || exchange.ended(outcome).since_start()),
            None => Admission::Told { held_back: 0 },
        }
    }

    fn all(&self) -> impl Iterator<Item = &Counted> {
        self.0.rules.iter().chain(&*self.0.last)
    }
}

impl Default for AccessRules {
    /// Cancelled exchanges have 100 lines in a second, all others each its own.
    fn default() -> Self {
        let rule = AccessRule::new(Tell::PerSecond(CANCELLED_PER_SECOND)).verdict(Verdict::Cancelled);
        let last = Arc::new(Some(Counted { rule, ..Counted::default() }));
        Self(Arc::new(Shared { rules: Vec::new(), last }))
    }
}

impl AccessRule {
    /// A rule for all exchanges.
    pub fn new(tell: Tell) -> Self {
        Self { tell, route: None, verdict: None, side: None }
    }

    /// For this route alone, `/users/{id}` or `package.Service/Method`, or for all that begin alike: `/admin/*`.
    pub fn route(mut self, route: impl Into<String>) -> Self {
        self.route = Some(route.into().into_boxed_str());
        self
    }

    /// For exchanges of this verdict alone.
    pub fn verdict(mut self, verdict: Verdict) -> Self {
        self.verdict = Some(verdict);
        self
    }

    /// For exchanges of this side alone.
    pub fn side(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    fn matches(&self, exchange: &Exchange, outcome: &Outcome) -> bool {
        let Self { tell: _, route, verdict, side } = self;
        let is_route = |pattern: &str| {
            exchange.route().as_str().is_some_and(|route| match pattern.strip_suffix('*') {
                Some(start) => route.starts_with(start),
                None => route == pattern,
            })
        };
        verdict.is_none_or(|verdict| verdict == outcome.verdict)
            && side.is_none_or(|side| side == exchange.side)
            && route.as_deref().is_none_or(is_route)
    }
}

impl Default for AccessRule {
    fn default() -> Self {
        Self::new(Tell::Always)
    }
}

impl Counted {
    fn admit(&self, exchange: &Exchange, now: impl FnOnce() -> std::time::Duration) -> Admission {
        let is_told = match self.rule.tell {
            Tell::Always => true,
            Tell::Never => return Admission::HeldBack,
            Tell::IfKept => exchange.kept_trace().is_some(),
            Tell::OneIn(many) => self.is_chosen(exchange, u64::from(many.max(1))),
            Tell::PerSecond(rate) => self.rate.admits(now(), rate),
        };
        if is_told {
            return Admission::Told { held_back: self.since.swap(0, Ordering::Relaxed) };
        }
        self.since.fetch_add(1, Ordering::Relaxed);
        self.held_back.fetch_add(1, Ordering::Relaxed);
        Admission::HeldBack
    }

    fn is_chosen(&self, exchange: &Exchange, many: u64) -> bool {
        let number = match exchange.trace() {
            // The last seven bytes are random, by W3C Trace Context level 2.
            Some(ids) => (u128::from_be_bytes(ids.trace_id.to_bytes()) & 0xff_ffff_ffff_ffff) as u64,
            None => self.seen.fetch_add(1, Ordering::Relaxed),
        };
        number % many == 0
    }
}
