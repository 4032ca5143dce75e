//! The targets, in the order in which they are shown.

use crate::added::Of;

/// A line of the table for each limit.
pub(super) struct Target {
    pub(super) what: &'static str,
    pub(super) case: &'static str,
    /// The best of them stands beside it.
    pub(super) peers: &'static [&'static str],
    pub(super) floor: Option<&'static str>,
    pub(super) limits: &'static [Limit],
}

/// A figure, what it is, and how much it may be.
pub(super) struct Limit(pub(super) Of, pub(super) &'static str, pub(super) f64);

const INSTRUCTIONS: Of = Of::Added("instr");
const ALLOCATIONS: Of = Of::Added("allocs");
const TIME: Of = Of::All("cpu_ns");

pub(super) const TARGETS: &[Target] = &[
    Target {
        what: "golden signals in `Router::layer`",
        case: "http/ours-metrics",
        peers: &[
            "http/peer-axum-otel-metrics",
            "http/peer-axum-prometheus",
            "http/peer-contrib-metrics",
            "http/peer-tower-otel-metrics",
        ],
        floor: Some("http/floor-head"),
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 3_500.0),
            Limit(ALLOCATIONS, "allocations added", 6.0),
        ],
    },
    Target {
        what: "golden signals around a router, route unknown",
        case: "http/ours-metrics-outer-unknown",
        peers: &[],
        floor: None,
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 2_000.0),
            Limit(ALLOCATIONS, "allocations added", 3.0),
        ],
    },
    Target {
        what: "golden signals around a router, routes known",
        case: "http/ours-metrics-outer",
        peers: &[],
        floor: None,
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 3_000.0),
            Limit(ALLOCATIONS, "allocations added", 5.0),
        ],
    },
    Target {
        what: "golden signals of a gRPC service",
        case: "grpc/ours-metrics",
        peers: &["grpc/peer-tower-otel-metrics"],
        floor: None,
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 2_000.0),
            Limit(ALLOCATIONS, "allocations added", 2.0),
        ],
    },
    Target {
        what: "metrics and traces, 1 %, in `Router::layer`",
        case: "http/ours-metrics-trace-1",
        peers: &["http/peer-contrib-both-1"],
        floor: None,
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 5_000.0),
            Limit(ALLOCATIONS, "allocations added", 7.0),
        ],
    },
    Target {
        what: "all four windows, 1 %, in `Router::layer`",
        case: "http/ours-full-1",
        peers: &["http/peer-contrib-full-1", "http/peer-tower-otel-full-1"],
        floor: Some("http/floor-full-1"),
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 8_000.0),
            Limit(ALLOCATIONS, "allocations added", 10.0),
            Limit(Of::TimeOf("http/floor-full-1"), "CPU time added, of what the floor adds", 1.5),
            Limit(Of::TimeOf("http/peer-contrib-full-1"), "CPU time added, of what the best peer adds", 0.25),
        ],
    },
    Target {
        what: "all four windows, 1 %, around a router, routes known",
        case: "http/ours-full-1-outer",
        peers: &[],
        floor: Some("http/floor-full-1-outer"),
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 7_000.0),
            Limit(ALLOCATIONS, "allocations added", 8.0),
        ],
    },
    Target {
        what: "all four windows, 1 %, gRPC",
        case: "grpc/ours-full-1",
        peers: &["grpc/peer-full-1"],
        floor: Some("grpc/floor-full-1"),
        limits: &[
            Limit(INSTRUCTIONS, "instructions added", 6_000.0),
            Limit(ALLOCATIONS, "allocations added", 5.0),
        ],
    },
    Target {
        what: "a JSON line with three ids",
        case: "log/ours",
        peers: &[
            "log/peer-bunyan",
            "log/peer-emit",
            "log/peer-fmt-json-lean",
            "log/peer-json-subscriber",
            "log/peer-logforth",
        ],
        floor: Some("log/floor"),
        limits: &[
            Limit(TIME, "CPU ns", 130.0),
            Limit(Of::All("ratio"), "CPU time, of the floor's", 2.0),
            Limit(Of::All("allocs"), "allocations", 0.0),
        ],
    },
    Target {
        what: "a recording through a kept handle",
        case: "metric/ours-1t",
        peers: &[
            "metric/metrics-cached",
            "metric/otel-bound",
            "metric/prometheus-cached-1t",
            "metric/promclient-cached",
        ],
        floor: Some("metric/limit-atomic"),
        limits: &[Limit(TIME, "CPU ns", 8.0)],
    },
    Target {
        what: "the same on each of two threads at once",
        case: "metric/ours-2t",
        peers: &[
            "metric/metrics-cached-2t",
            "metric/otel-bound-2t",
            "metric/prometheus-cached-2t",
            "metric/promclient-cached-2t",
        ],
        floor: Some("metric/limit-atomic-2t"),
        limits: &[Limit(TIME, "CPU ns", 8.0)],
    },
    Target {
        what: "a page of 10,000 counters",
        case: "scrape/ours-10k-counters",
        peers: &[
            "scrape/metrics-10k-counters",
            "scrape/otel-10k-counters",
            "scrape/prometheus-10k-counters",
            "scrape/promclient-10k-counters",
        ],
        floor: None,
        limits: &[Limit(Of::Millionth("cpu_ns"), "CPU ms", 0.4)],
    },
    Target {
        what: "a page of 10,000 histograms",
        case: "scrape/ours-10k-histograms",
        peers: &[
            "scrape/metrics-10k-histograms",
            "scrape/otel-10k-histograms",
            "scrape/prometheus-10k-histograms",
            "scrape/promclient-10k-histograms",
        ],
        floor: None,
        limits: &[Limit(Of::Millionth("cpu_ns"), "CPU ms", 10.0)],
    },
    Target {
        what: "a series of a histogram",
        case: "mem/ours-histogram-series",
        peers: &[
            "mem/metrics-histogram-series",
            "mem/otel-histogram-series",
            "mem/prometheus-histogram-series",
            "mem/promclient-histogram-series",
        ],
        floor: None,
        limits: &[Limit(Of::All("bytes"), "bytes", 350.0)],
    },
    Target {
        what: "a server on a socket, all four windows, 1 %",
        case: "loopback/ours-full-1",
        peers: &["loopback/peer-contrib-full-1", "loopback/peer-tower-otel-full-1"],
        floor: Some("loopback/floor-full-1"),
        limits: &[Limit(Of::All("ratio"), "server's CPU time, of the bare one's", 1.35)],
    },
];
