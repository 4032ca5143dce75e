//! The accounts of the processes beside the spans that were stored: what sampling kept, and what it lost.

use std::{collections::BTreeMap, fmt};

use super::{
    account::{Account, Line},
    stored::{Kind, Span, Stored},
};

/// An order that takes longer is slow: the inventory takes at least that for the item that asks for it.
const SLOW_MS: f64 = 250.0;

/// Accounts by the name of the service.
pub(super) type Accounts = BTreeMap<&'static str, Account>;

/// What was counted.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Exchanges that ended, in all processes, and those of which a span was stored.
    exchanges: Share,
    /// Exchanges that the service is to blame for, and those stored.
    faults: Share,
    /// Faults whose callers ran in other processes, and those whose callers' spans were stored as well.
    paths: Share,
    /// Slow orders, and those that the gateway kept.
    slow: Share,
    /// Slow orders kept, and those with a span that says who took the time.
    culprits: Share,
    /// Orders that were taken and shipped, and those that were shipped in the trace in which they were taken.
    jobs: Share,
    /// Stored spans of jobs, and those whose parent is the stored span of their order.
    job_spans: Share,
    reasons: BTreeMap<String, u64>,
    /// The first of each kind that is wrong.
    wrong: BTreeMap<&'static str, String>,
}

/// Some of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    some: u64,
    all: u64,
}

impl Figures {
    pub(super) fn of(accounts: &Accounts, stored: &Stored) -> Self {
        let mut figures = Self::default();
        for (service, line) in lines(accounts) {
            let is_stored = stored.has(&line.trace, &line.span);
            figures.exchanges.count(is_stored);
            if line.is_fault() {
                figures.fault(service, line, accounts, stored);
            }
            if *service == "shop-gateway" && is_slow_order(line) {
                figures.slow_order(line, stored);
            }
        }
        figures.jobs(accounts);
        for (trace, span) in stored.all() {
            figures.job_span(trace, span, stored);
            let reason = if span.reason.is_empty() { "none" } else { &span.reason };
            *figures.reasons.entry(reason.to_owned()).or_default() += 1;
        }
        figures
    }

    /// What is not as it should be, as sentences.
    pub(super) fn wrong(&self) -> Vec<String> {
        let Self { exchanges, faults, paths, slow, culprits, jobs, job_spans, .. } = self;
        let mut wrong: Vec<_> = self.wrong.values().cloned().collect();
        let mut demand = |is_so: bool, what: String| {
            if !is_so {
                wrong.push(what);
            }
        };
        demand(faults.is_whole(), format!("faults stored: {faults}"));
        demand(paths.is_whole(), format!("faults stored in each process on their way: {paths}"));
        demand(exchanges.ratio() < 0.5, format!("exchanges stored: {exchanges}"));
        demand(slow.some > 0, format!("slow orders stored: {slow}"));
        demand(culprits.ratio() >= 0.97, format!("slow orders whose culprit is stored: {culprits}"));
        demand(jobs.is_whole(), format!("orders shipped in their own trace: {jobs}"));
        demand(job_spans.is_whole(), format!("spans of jobs below that of their order: {job_spans}"));
        wrong
    }

    fn fault(&mut self, service: &str, line: &Line, accounts: &Accounts, stored: &Stored) {
        let is_stored = stored.has(&line.trace, &line.span);
        self.faults.count(is_stored);
        if !is_stored {
            self.wrong.entry("fault").or_insert_with(|| format!("{service} lost {line:?}"));
        }
        let callers = callers(service).iter().filter(|caller| {
            let account = accounts.get(*caller);
            account.is_some_and(|account| account.exchanges.iter().any(|other| other.trace == line.trace))
        });
        let spans = stored.of(&line.trace);
        let mut missing =
            callers.clone().filter(|caller| spans.iter().all(|span| span.service != **caller)).peekable();
        if callers.count() > 0 {
            if let Some(caller) = missing.peek() {
                self.wrong
                    .entry("path")
                    .or_insert_with(|| format!("{caller} stored nothing of {line:?} of {service}"));
            }
            self.paths.count(missing.peek().is_none());
        }
    }

    fn slow_order(&mut self, line: &Line, stored: &Stored) {
        let is_kept = stored.has(&line.trace, &line.span);
        self.slow.count(is_kept);
        if is_kept {
            // A call within the order, told by either side, that took most of its time.
            let is_culprit = |span: &Span| {
                span.kind != Kind::Other
                    && span.service != "shop-traffic"
                    && span.span != line.span
                    && span.ms > line.ms / 2.0
            };
            self.culprits.count(stored.of(&line.trace).iter().any(is_culprit));
        }
    }

    fn jobs(&mut self, accounts: &Accounts) {
        let [taken, shipped] = ["shop-gateway", "shop-shipping"].map(|name| accounts.get(name));
        let (Some(taken), Some(shipped)) = (taken, shipped) else { return };
        for (order, trace) in &shipped.orders {
            self.jobs.count(taken.orders.get(order) == Some(trace));
        }
    }

    fn job_span(&mut self, trace: &str, span: &Span, stored: &Stored) {
        if span.name == "ship order" {
            let is_order = |other: &Span| {
                other.span == span.parent && other.service == "shop-gateway" && other.kind == Kind::Server
            };
            self.job_spans.count(stored.of(trace).iter().any(is_order));
        }
    }
}

/// Those through whom a request comes to this service.
fn callers(service: &str) -> &'static [&'static str] {
    match service {
        "shop-traffic" => &[],
        "shop-gateway" => &["shop-traffic"],
        _ => &["shop-gateway", "shop-traffic"],
    }
}

fn lines(accounts: &Accounts) -> impl Iterator<Item = (&&'static str, &Line)> {
    accounts.iter().flat_map(|(service, account)| account.exchanges.iter().map(move |line| (service, line)))
}

fn is_slow_order(line: &Line) -> bool {
    line.side == "server" && line.route == "/orders" && line.verdict == "ok" && line.ms >= SLOW_MS
}

impl Share {
    fn count(&mut self, is_one: bool) {
        self.all += 1;
        self.some += u64::from(is_one);
    }

    fn is_whole(self) -> bool {
        self.all > 0 && self.some == self.all
    }

    fn ratio(self) -> f64 {
        if self.all == 0 { 0.0 } else { self.some as f64 / self.all as f64 }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} ({:.1} %)", self.some, self.all, 100.0 * self.ratio())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exchanges, faults, paths, slow, culprits, jobs, job_spans, reasons, wrong: _ } = self;
        writeln!(f, "exchanges stored                      {exchanges}")?;
        writeln!(f, "faults stored                         {faults}")?;
        writeln!(f, "  with their callers' processes       {paths}")?;
        writeln!(f, "orders slower than {SLOW_MS} ms, stored    {slow}")?;
        writeln!(f, "  with a span of the culprit          {culprits}")?;
        writeln!(f, "orders shipped in their own trace     {jobs}")?;
        writeln!(f, "  stored, below the span of the order {job_spans}")?;
        let reasons: Vec<_> = reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        write!(f, "stored spans by sampling.reason       {}", reasons.join(", "))
    }
}
