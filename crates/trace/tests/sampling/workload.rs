//! The traffic of a fleet, with known culprits.
//!
//! One process per service. A trace of an operation visits a fixed random tree of 4 to 12 services, one call after
//! the other. In the process of a node live its server span, up to two inner spans and a client span for each child.
//! Calls are slow by heavy tails everywhere, and by ten brown-outs that each hit a share of one service's calls.

use crate::random::Random;

pub(crate) const SERVICES: usize = 24;
pub(crate) const OPERATIONS: usize = 20;
pub(crate) const MINUTES: usize = 30;
/// 120 a second.
pub(crate) const TRACES: usize = 120 * 60 * MINUTES;

/// Milliseconds on the wire, there and back.
const NETWORK: f64 = 0.3;
const SLOW_CALLS: f64 = 0.0015;
const FAILED_CALLS: f64 = 0.0008;

pub(crate) struct Workload {
    number: u64,
    pub(crate) operations: Vec<Operation>,
    incidents: Vec<Incident>,
}

/// A tree of calls; the parent of a node stands before it.
pub(crate) struct Operation {
    pub(crate) nodes: Vec<Node>,
    /// The share of the traces, summed up to this operation.
    up_to: f64,
}

pub(crate) struct Node {
    pub(crate) parent: Option<usize>,
    pub(crate) service: usize,
    /// Spans of one call in this process.
    pub(crate) spans: usize,
    /// Milliseconds of its own.
    median: f64,
}

struct Incident {
    service: usize,
    begin: f64,
    end: f64,
    share: f64,
    factor: f64,
}

/// One trace; a value for each node.
#[derive(Default)]
pub(crate) struct Trace {
    pub(crate) operation: usize,
    /// Seconds.
    pub(crate) start: f64,
    pub(crate) id: [u8; 16],
    /// Milliseconds, children included.
    pub(crate) inclusive: Vec<f64>,
    /// Own milliseconds above the median of the node.
    pub(crate) excess: Vec<f64>,
    pub(crate) errors: Vec<bool>,
}

impl Workload {
    pub(crate) fn new(number: u64) -> Self {
        let mut random = Random::new(number);
        let mut up_to = 0.0;
        let mut operations: Vec<_> = (1..=OPERATIONS)
            .map(|rank| {
                up_to += 1.0 / (rank as f64).powf(0.9);
                Operation::new(up_to, &mut random)
            })
            .collect();
        operations.iter_mut().for_each(|operation| operation.up_to /= up_to);
        let incidents = (0..10).map(|_| Incident::new(&mut random)).collect();
        Self { number, operations, incidents }
    }

    /// Calls `visit` with each trace, in the order of their start.
    pub(crate) fn play(&self, mut visit: impl FnMut(&Trace)) {
        let mut random = Random::new(1_000_000 + self.number);
        let mut starts: Vec<_> = (0..TRACES).map(|_| random.unit() * 60.0 * MINUTES as f64).collect();
        starts.sort_by(f64::total_cmp);
        let mut trace = Trace::default();
        for start in starts {
            self.draw(start, &mut trace, &mut random);
            visit(&trace);
        }
    }

    fn draw(&self, start: f64, trace: &mut Trace, random: &mut Random) {
        let place = random.unit();
        trace.operation = self.operations.partition_point(|operation| operation.up_to <= place);
        trace.start = start;
        trace.id = (u128::from(random.word()) << 64 | u128::from(random.word())).to_be_bytes();
        trace.inclusive.clear();
        trace.excess.clear();
        trace.errors.clear();
        let nodes = &self.operations[trace.operation].nodes;
        for node in nodes {
            let mut own = node.median * (0.45 * random.normal()).exp();
            let mut factor = if random.chance(SLOW_CALLS) { 3.0 + 10.0 * random.pareto(1.5) } else { 1.0 };
            let mut is_error = random.chance(FAILED_CALLS);
            for incident in &self.incidents {
                if incident.service == node.service && incident.hits(start, random) {
                    factor *= incident.factor;
                    is_error |= random.chance(0.1);
                }
            }
            own *= factor.min(300.0);
            trace.inclusive.push(own);
            trace.excess.push(own - node.median);
            trace.errors.push(is_error);
        }
        for (index, node) in nodes.iter().enumerate().rev() {
            if let Some(parent) = node.parent {
                trace.inclusive[parent] += trace.inclusive[index] + NETWORK;
                // A failing child fails its caller more often than not.
                trace.errors[parent] |= trace.errors[index] && random.chance(0.7);
            }
        }
    }
}

impl Operation {
    fn new(up_to: f64, random: &mut Random) -> Self {
        let mut services: Vec<_> = (0..SERVICES).collect();
        random.shuffle(&mut services);
        let mut depths: Vec<usize> = Vec::new();
        let mut nodes: Vec<Node> = Vec::new();
        for service in services.into_iter().take(4 + random.below(9)) {
            let candidates: Vec<_> = (0..nodes.len()).filter(|&node| depths[node] < 4).collect();
            let parent = (!candidates.is_empty()).then(|| candidates[random.below(candidates.len())]);
            if let Some(parent) = parent {
                nodes[parent].spans += 1;
            }
            depths.push(parent.map_or(0, |parent| depths[parent] + 1));
            let median = 4.0 * (0.9 * random.normal()).exp();
            nodes.push(Node { parent, service, spans: 1 + random.below(3), median });
        }
        Self { nodes, up_to }
    }
}

impl Incident {
    fn new(random: &mut Random) -> Self {
        let begin = random.unit() * (MINUTES - 4) as f64 * 60.0;
        Self {
            service: random.below(SERVICES),
            begin,
            end: begin + (60 + random.below(180)) as f64,
            share: [0.02, 0.05, 0.3][random.below(3)],
            factor: [4.0, 10.0, 30.0][random.below(3)],
        }
    }

    fn hits(&self, at: f64, random: &mut Random) -> bool {
        (self.begin..self.end).contains(&at) && random.chance(self.share)
    }
}
