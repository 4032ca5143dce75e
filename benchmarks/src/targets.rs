//! What this project set out to reach, and how far it came.

use std::fmt::Write;

use crate::{
    added::Of,
    report::{group, read_easily},
    rounds::Found,
};

/// A line of the table for each limit.
struct Target {
    what: &'static str,
    case: &'static str,
    /// The best of them stands beside it.
    peers: &'static [&'static str],
    floor: Option<&'static str>,
    limits: &'static [Limit],
}

/// No more than so much.
struct Limit(Of, &'static str, f64);

const INSTRUCTIONS: Of = Of::Added("instr");
const ALLOCATIONS: Of = Of::Added("allocs");
const TIME: Of = Of::All("cpu_ns");

const TARGETS: &[Target] = &[
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
        what: "a recording, kept handle, 1 thread",
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
        what: "a recording, kept handle, 2 threads",
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
        limits: &[Limit(TIME, "CPU ns", 400_000.0)],
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
        limits: &[Limit(TIME, "CPU ns", 10_000_000.0)],
    },
    Target {
        what: "a series of a histogram, no page read",
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

/// All of them in Markdown.
pub(crate) fn table(found: &Found) -> String {
    let mut table = String::from(
        "| what | case | figure | best peer | floor | target | reached | |\n|---|---|---|--:|--:|--:|--:|---|\n",
    );
    for Target { what, case, peers, floor, limits } in TARGETS {
        for Limit(of, figure, most) in *limits {
            let peer = best(found, peers, *of).map(|(peer, value)| format!("{} ({peer})", shown(*of, value)));
            let floor = floor.filter(|floor| *of != Of::TimeOf(floor));
            let floor = floor.and_then(|floor| of.read(found, floor)).map(|value| shown(*of, value));
            let reached = of.read(found, case).map(|value| counted(*of, value));
            let _ = writeln!(
                table,
                "| {what} | `{case}` | {figure} | {} | {} | {} | {} | {} |",
                peer.unwrap_or_default(),
                floor.unwrap_or_default(),
                shown(*of, *most),
                reached.map(|value| shown(*of, value)).unwrap_or_default(),
                verdict(reached, *most),
            );
        }
    }
    table
}

/// The name and the figure of the one that has the least.
fn best<'a>(found: &Found, peers: &[&'a str], of: Of) -> Option<(&'a str, f64)> {
    // What is a part of a peer's is no figure of a peer.
    let measured = peers.iter().filter(|_| !matches!(of, Of::TimeOf(_)));
    let measured = measured.filter_map(|peer| Some((*peer, counted(of, of.read(found, peer)?))));
    let (peer, value) = measured.min_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let name = peer.strip_prefix(group(peer)).and_then(|name| name.strip_prefix('/')).unwrap_or(peer);
    Some((name.strip_prefix("peer-").unwrap_or(name), value))
}

/// An allocation is one or none: those of one trace in a hundred do not make a part of one.
fn counted(of: Of, value: f64) -> f64 {
    if is_count(of) { value.round() } else { value }
}

fn is_count(of: Of) -> bool {
    matches!(of, Of::All(metric) | Of::Added(metric) if metric == "allocs")
}

fn shown(of: Of, value: f64) -> String {
    if is_count(of) { format!("{value:.0}") } else { read_easily(value) }
}

fn verdict(reached: Option<f64>, most: f64) -> String {
    match reached {
        None => "not measured".to_owned(),
        Some(reached) if reached <= most => "kept".to_owned(),
        Some(reached) if most == 0.0 => format!("**missed** by {reached:.0}"),
        // A miss is not rounded away.
        Some(reached) => format!("**missed** by {:.0} %", ((reached / most - 1.0) * 100.0).ceil()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::cases;

    #[test]
    fn every_target_is_of_cases_that_there_are() {
        let names: Vec<String> = cases::all().into_iter().map(|case| case.name).collect();
        for Target { case, peers, floor, .. } in TARGETS {
            let wanted = floor.iter().chain(peers.iter()).chain([case]);
            let there = |name: &str| names.contains(&name.replace("loopback/", "http/"));
            let built = |name: &str| cfg!(feature = "peers") || !name.contains("/peer-");
            for name in wanted.filter(|name| built(name)) {
                assert!(there(name), "there is no {name}");
            }
        }
    }

    #[test]
    fn a_figure_is_beside_the_best_peer_and_the_target() {
        let case = |name: &str, bytes| (name.to_owned(), BTreeMap::from([("bytes", vec![bytes])]));
        let found = vec![
            case("mem/ours-histogram-series", 360.0),
            case("mem/otel-histogram-series", 657.0),
            case("mem/promclient-histogram-series", 571.0),
        ];
        let table = table(&found);
        assert!(
            table
                .contains("| bytes | 571 (promclient-histogram-series) |  | 350 | 360 | **missed** by 3 % |")
        );
        assert!(table.contains("| 3,500 |  | not measured |"));
    }

    #[test]
    fn a_miss_is_not_rounded_away() {
        assert_eq!(verdict(Some(1.0), 1.0), "kept");
        assert_eq!(verdict(Some(1.001), 1.0), "**missed** by 1 %");
        assert_eq!(verdict(Some(2.0), 0.0), "**missed** by 2");
        assert_eq!(counted(ALLOCATIONS, 5.3), 5.0);
    }
}
