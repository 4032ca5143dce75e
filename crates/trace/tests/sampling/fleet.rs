//! The processes of a fleet, each with a sampler of its own.

use std::time::Duration;

use tower_telemetry_core::trace_ids::TraceId;
use tower_telemetry_core::{Route, Side, Verdict};
use tower_telemetry_trace::sampling::{Budget, Call, Hint, Keeper, Pool, Randomness, Tail, Threshold};

use crate::workload::{Operation, SERVICES, Trace};

/// As `Sampler::production` does.
const HEAD: f64 = 0.01;
const BUDGET: f64 = 1000.0;

/// An operation is a route of each service that it visits.
const ROUTES: [&str; 20] = [
    "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j", "/k", "/l", "/m", "/n", "/o", "/p", "/q",
    "/r", "/s", "/t",
];

pub(crate) struct Fleet {
    processes: Vec<(Keeper, Budget)>,
    head: Threshold,
}

impl Fleet {
    pub(crate) fn new() -> Self {
        let process = |_| (Keeper::new(Tail::default()), Budget::shared(BUDGET));
        Self {
            processes: (0..SERVICES).map(process).collect(),
            head: Threshold::of_probability(HEAD).unwrap(),
        }
    }

    /// Which nodes of the trace are kept, as bits.
    pub(crate) fn keep(&self, operation: &Operation, trace: &Trace) -> u16 {
        let head = self.head.keeps(Randomness::of_trace(TraceId::from_bytes(trace.id).unwrap()));
        let start = Duration::from_secs_f64(trace.start);
        let mut kept = 0_u16;
        let mut wanted = 0_u16;
        // Callees end before their callers.
        for (index, node) in operation.nodes.iter().enumerate().rev() {
            let (keeper, budget) = &self.processes[node.service];
            let total = Duration::from_secs_f64(trace.inclusive[index] / 1e3);
            let call = Call {
                side: Side::Server,
                route: Route::template(ROUTES[trace.operation]),
                method: "GET",
                // In the order of the starts: time never goes back in a process.
                ended: start,
                total,
                verdict: if trace.errors[index] { Verdict::ServiceFault } else { Verdict::Ok },
                hint: if wanted >> index & 1 == 1 { Hint::Kept } else { Hint::None },
            };
            let is_kept = head && budget.pay(Pool::Head, start, node.spans)
                || keeper.keep(&call, node.spans, budget).is_some();
            keeper.learn(&call);
            if is_kept {
                kept |= 1 << index;
                if let Some(parent) = node.parent {
                    wanted |= 1 << parent;
                }
            }
        }
        kept
    }
}
