//! What this project set out to reach, and how far it came.

mod list;

use std::fmt::Write;

use self::list::{Limit, TARGETS, Target};
use crate::{
    added::Of,
    report::{group, read_easily},
    rounds::Found,
};

/// All of them in Markdown.
pub(crate) fn table(found: &Found) -> String {
    let mut table = String::from(
        "| what | case | figure | best peer | floor | target | reached | |\n|---|---|---|--:|--:|--:|--:|---|\n",
    );
    for Target { what, case, peers, floor, limits } in TARGETS {
        for (index, Limit(of, figure, most)) in limits.iter().enumerate() {
            let peer = best(found, peers, *of).map(|(peer, value)| format!("{} ({peer})", shown(*of, value)));
            let floor = floor.filter(|floor| *of != Of::TimeOf(floor));
            let floor = floor.and_then(|floor| of.read(found, floor)).map(|value| shown(*of, value));
            // Said once for all that is wanted of it.
            let name = if index == 0 { format!("{what} | `{case}`") } else { "| ".to_owned() };
            let reached = of.read(found, case).map(|value| counted(*of, value));
            let _ = writeln!(
                table,
                "| {name} | {figure} | {} | {} | {} | {} | {} |",
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
        assert_eq!(counted(Of::Added("allocs"), 5.3), 5.0);
    }
}
