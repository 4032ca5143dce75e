//! The accounts of the processes beside the spans that were stored: what sampling kept, and what it lost.

use std::{collections::BTreeMap, fmt};

use super::{
    account::{Account, Line},
    sampling::Sampling,
    share::Share,
    stored::{Kind, Span, Stored},
};

/// An order that takes longer is slow: the inventory takes at least that for the item that asks for it.
const SLOW_MS: f64 = 250.0;

/// Accounts by the name of the service.
pub(in crate::e2e) type Accounts = BTreeMap<&'static str, Account>;

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
    /// Orders that were shipped, and those whose lines there have the trace id and the request id of those at the gateway.
    jobs: Share,
    /// Stored spans of jobs, and those whose parent is the stored span of their order.
    job_spans: Share,
    /// Links of stored manifests, and those that lead to the stored span of a job.
    links: Share,
    reasons: BTreeMap<String, u64>,
    /// The first of each kind that is wrong.
    wrong: BTreeMap<&'static str, String>,
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
    pub(super) fn wrong(&self, sampling: Sampling) -> Vec<String> {
        let Self { exchanges, faults, paths, slow, culprits, jobs, job_spans, links, .. } = self;
        let mut wrong: Vec<_> = self.wrong.values().cloned().collect();
        let mut demand = |is_so: bool, what: String| {
            if !is_so {
                wrong.push(what);
            }
        };
        demand(faults.is_whole(), format!("faults stored: {faults}"));
        demand(paths.is_whole(), format!("faults stored in each process on their way: {paths}"));
        demand(slow.ratio() > 0.0, format!("slow orders stored: {slow}"));
        demand(culprits.ratio() >= 0.97, format!("slow orders whose culprit is stored: {culprits}"));
        demand(jobs.is_whole(), format!("orders shipped in their own trace: {jobs}"));
        demand(job_spans.is_whole(), format!("spans of jobs below that of their order: {job_spans}"));
        match sampling {
            Sampling::Production => {
                demand(exchanges.ratio() < 0.5, format!("exchanges stored: {exchanges}"));
            }
            Sampling::Full => {
                demand(exchanges.is_whole(), format!("exchanges stored: {exchanges}"));
                demand(job_spans.some() == jobs.some(), format!("jobs stored: {job_spans}, shipped: {jobs}"));
                let is_whole = links.is_whole() && links.some() == jobs.some();
                demand(is_whole, format!("links of manifests to jobs: {links}, shipped: {jobs}"));
            }
        }
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
        for (order, request) in &shipped.orders {
            self.jobs.count(taken.orders.get(order) == Some(request));
        }
    }

    fn job_span(&mut self, trace: &str, span: &Span, stored: &Stored) {
        if span.name == "ship order" {
            let is_order = |other: &Span| {
                other.span == span.parent && other.service == "shop-gateway" && other.kind == Kind::Server
            };
            self.job_spans.count(stored.of(trace).iter().any(is_order));
        }
        if span.name == "write manifest" {
            for order in &span.links {
                self.links.count(stored.of(order).iter().any(|span| span.name == "ship order"));
            }
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

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exchanges, faults, paths, slow, culprits, jobs, job_spans, links, reasons, wrong: _ } =
            self;
        writeln!(f, "exchanges stored                      {exchanges}")?;
        writeln!(f, "faults stored                         {faults}")?;
        writeln!(f, "  with their callers' processes       {paths}")?;
        writeln!(f, "orders slower than {SLOW_MS} ms, stored    {slow}")?;
        writeln!(f, "  with a span of the culprit          {culprits}")?;
        writeln!(f, "orders shipped in their own trace     {jobs}")?;
        writeln!(f, "  stored, below the span of the order {job_spans}")?;
        writeln!(f, "links of manifests to stored jobs     {links}")?;
        let reasons: Vec<_> = reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        write!(f, "stored spans by sampling.reason       {}", reasons.join(", "))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    const SERVICES: [&str; 4] = ["shop-traffic", "shop-gateway", "shop-inventory", "shop-shipping"];

    /// A slow order (trace `a`) whose reservation took the time, an order whose reservation fails (trace `b`), and nine
    /// that go well and are not stored.
    fn accounts() -> Accounts {
        let mut accounts: Accounts = SERVICES.map(|service| (service, Account::default())).into();
        let mut add = |service, line| accounts.get_mut(service).unwrap().add(&line);
        let exchange = |trace: &str, span: &str, side: &str, verdict: &str, ms: u32| {
            json!({
                "target": "tower_telemetry::access", "trace_id": trace, "span_id": span, "side": side,
                "http.route": "/orders", "verdict": verdict, "duration_ms": ms,
            })
        };
        for (trace, verdict, ms) in [("a", "ok", 500), ("b", "service_fault", 5)] {
            add("shop-traffic", exchange(trace, "1", "client", "ok", ms + 2));
            add("shop-gateway", exchange(trace, "2", "server", "ok", ms));
            add("shop-inventory", exchange(trace, "3", "server", verdict, ms - 1));
        }
        for trace in 0..9 {
            add("shop-gateway", exchange(&trace.to_string(), "2", "server", "ok", 5));
        }
        for (service, message) in [("shop-gateway", "order taken"), ("shop-shipping", "order shipped")] {
            add(service, json!({ "message": message, "order": 7, "trace_id": "a", "request_id": "r" }));
        }
        accounts
    }

    fn span(trace: &str, id: &str, service: &str, kind: &str, parent: &str, ms: u32) -> serde_json::Value {
        let name = if kind == "INTERNAL" { "ship order" } else { "POST /orders" };
        json!({
            "trace": trace, "span": id, "parent": parent, "service": service, "name": name,
            "kind": format!("SPAN_KIND_{kind}"), "nanos": u64::from(ms) * 1_000_000, "reason": "slow", "links": [],
        })
    }

    fn spans() -> Vec<serde_json::Value> {
        vec![
            span("a", "1", "shop-traffic", "CLIENT", "", 502),
            span("a", "2", "shop-gateway", "SERVER", "1", 500),
            span("a", "3", "shop-inventory", "SERVER", "2", 499),
            span("a", "4", "shop-shipping", "INTERNAL", "2", 30),
            span("b", "1", "shop-traffic", "CLIENT", "", 7),
            span("b", "2", "shop-gateway", "SERVER", "1", 5),
            span("b", "3", "shop-inventory", "SERVER", "2", 4),
        ]
    }

    fn wrong(accounts: &Accounts, spans: Vec<serde_json::Value>) -> String {
        let mut stored = Stored::default();
        stored.add(&json!({ "spans": spans }));
        Figures::of(accounts, &stored).wrong(Sampling::Production).join("; ")
    }

    #[test]
    fn what_is_stored_where_it_matters_is_right() {
        assert_eq!(wrong(&accounts(), spans()), "");
    }

    #[test]
    fn a_fault_that_is_not_stored_and_one_that_is_not_stored_by_its_callers_are_found() {
        for (lost, service, told) in [
            (("b", "3"), "shop-inventory", "faults stored: 0 of 1"),
            (("b", "2"), "shop-gateway", "shop-gateway stored nothing of"),
            (("b", "1"), "shop-traffic", "shop-traffic stored nothing of"),
        ] {
            let rest = spans().into_iter().filter(|span| {
                (span["trace"].as_str().unwrap(), span["service"].as_str().unwrap()) != (lost.0, service)
            });
            let wrong = wrong(&accounts(), rest.collect());
            assert!(wrong.contains(told), "{lost:?}: {wrong}");
        }
    }

    #[test]
    fn a_slow_order_without_its_culprit_is_found() {
        let rest =
            spans().into_iter().filter(|span| (&span["trace"], &span["span"]) != (&json!("a"), &json!("3")));
        assert!(wrong(&accounts(), rest.collect()).contains("culprit is stored: 0 of 1"));
    }

    #[test]
    fn a_job_elsewhere_than_in_its_order_is_found() {
        let mut accounts = accounts();
        let shipped = json!({ "message": "order shipped", "order": 7, "trace_id": "b", "request_id": "r" });
        accounts.get_mut("shop-shipping").unwrap().add(&shipped);
        assert!(wrong(&accounts, spans()).contains("shipped in their own trace: 0 of 1"));
        let elsewhere = spans().into_iter().map(|mut span| {
            if span["name"] == "ship order" {
                span["parent"] = json!("1");
            }
            span
        });
        let wrong = wrong(&super::tests::accounts(), elsewhere.collect());
        assert!(wrong.contains("below that of their order: 0 of 1"), "{wrong}");
    }

    #[test]
    fn where_all_is_kept_an_exchange_a_job_and_a_link_that_are_missing_are_found() {
        let mut accounts = accounts();
        let gateway = accounts.get_mut("shop-gateway").unwrap();
        gateway.exchanges.retain(|line| matches!(line.trace.as_str(), "a" | "b"));
        let mut manifest = span("c", "5", "shop-shipping", "INTERNAL", "", 0);
        manifest["name"] = json!("write manifest");
        manifest["links"] = json!(["a"]);
        let all: Vec<_> = spans().into_iter().chain([manifest]).collect();
        let wrong = |lost: &str| {
            let mut stored = Stored::default();
            let rest: Vec<_> = all.iter().filter(|span| span["span"] != lost).collect();
            stored.add(&json!({ "spans": rest }));
            Figures::of(&accounts, &stored).wrong(Sampling::Full).join("; ")
        };
        assert_eq!(wrong("none"), "");
        assert!(wrong("1").contains("exchanges stored: 4 of 6"), "{}", wrong("1"));
        assert!(wrong("4").contains("jobs stored: 0 of 0"), "{}", wrong("4"));
        assert!(wrong("4").contains("links of manifests to jobs: 0 of 1"), "{}", wrong("4"));
        assert!(wrong("5").contains("links of manifests to jobs: 0 of 0"), "{}", wrong("5"));
    }

    #[test]
    fn to_store_everything_is_no_sampling() {
        let mut accounts = accounts();
        accounts
            .get_mut("shop-gateway")
            .unwrap()
            .exchanges
            .retain(|line| matches!(line.trace.as_str(), "a" | "b"));
        assert!(wrong(&accounts, spans()).contains("exchanges stored: 6 of 6"));
    }
}
