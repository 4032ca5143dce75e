//! A decider that follows a script.

use std::fmt;

use tower_telemetry::core::trace_ids::TraceId;
use tower_telemetry::trace::{Decide, Decision, Question, Reason, Response};
use tower_telemetry::{Exchange, Outcome, Verdict};
use tower_telemetry_tests::Rig;

/// Says the same of every head; keeps at the end what failed, and what somebody wants.
#[derive(Debug, Clone)]
pub(crate) struct Script(pub(crate) Decision);

/// The front door with such a decider, which believes the hints of its callees.
pub(crate) fn rig(decision: Decision) -> Rig {
    use tower_telemetry::trace::Peers;
    Rig::of(|builder| {
        builder
            .with_sampling(Script(decision))
            .with_trace(|trace| trace.with_hints_from(Peers::hosts(["127.0.0.1"])))
    })
}

pub(crate) fn record() -> Decision {
    Decision::Record { reason: Reason::Head, ot: Some("th:8".into()) }
}

impl Decide for Script {
    fn at_head(&self, _: &Question<'_>) -> Decision {
        self.0.clone()
    }

    fn at_response(&self, exchange: &Exchange, response: &Response) -> bool {
        let is_fault = response.grpc.is_some_and(|code| code.is_server_error());
        is_fault || response.status.is_server_error() || exchange.is_wanted()
    }

    fn at_end(&self, exchange: &Exchange, outcome: &Outcome, _: usize) -> Option<Reason> {
        match outcome.verdict {
            Verdict::ServiceFault => Some(Reason::Error),
            _ if exchange.is_wanted() => Some(Reason::Hint),
            _ => None,
        }
    }

    fn at_own_root(&self, _: TraceId) -> Decision {
        self.0.clone()
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as the script says")
    }
}
