//! The cases of a group as one table in Markdown.

use std::fmt::Write;

use crate::{
    added::{base, figure, over_base},
    report::{group, read_easily, spread},
    rounds::{Found, METRICS},
};

/// From so many nanoseconds on, a group is shown in milliseconds.
const MANY: f64 = 100_000.0;
const MILLISECOND: f64 = 1e6;

/// A line for each case of the group, with what it adds to the first where that is its base.
pub(crate) fn of(found: &Found, wanted: &str) -> String {
    let cases: Vec<&str> =
        found.iter().map(|(case, _)| case.as_str()).filter(|case| group(case) == wanted).collect();
    let has = |metric: &&&str| cases.iter().any(|case| figure(found, case, metric).is_some());
    let metrics: Vec<&str> = METRICS.iter().filter(has).copied().collect();
    let is_long = cases.iter().any(|case| figure(found, case, "cpu_ns") >= Some(MANY));
    let base = cases.first().and_then(|case| base(found, case)).filter(|_| metrics.contains(&"ratio"));

    let mut table = String::from("| case |");
    for metric in &metrics {
        let _ = write!(table, " {} |", title(metric, is_long));
    }
    // What is added to the base, of what the group has.
    let added = ["cpu_ns", "allocs", "instr"].into_iter().filter(|metric| metrics.contains(metric));
    let added: Vec<&str> = added.filter(|_| base.is_some()).collect();
    for metric in &added {
        let _ = write!(table, " + {} |", unit(metric));
    }
    let columns = metrics.len() + added.len();
    let _ = writeln!(table, "\n|---|{}", "--:|".repeat(columns));
    for case in cases {
        let _ = write!(table, "| {case} |");
        for metric in &metrics {
            let _ = write!(table, " {} |", cell(found, case, metric, is_long));
        }
        for metric in &added {
            let more = over_base(found, case, metric).filter(|_| Some(case) != base);
            let _ = write!(table, " {} |", more.map(read_easily).unwrap_or_default());
        }
        table.push('\n');
    }
    table
}

/// The median; of times also how far the rounds lie apart.
fn cell(found: &Found, case: &str, metric: &str, is_long: bool) -> String {
    let values = found.iter().find(|(name, _)| name == case).and_then(|(_, values)| values.get(metric));
    let Some([lowest, median, highest]) = values.and_then(|values| spread(values)) else {
        return String::new();
    };
    match metric {
        "cpu_ns" | "throughput" => {
            let unit = if metric == "cpu_ns" && is_long { MILLISECOND } else { 1.0 };
            let [lowest, median, highest] = [lowest, median, highest].map(|value| read_easily(value / unit));
            format!("{median} ({lowest} to {highest})")
        }
        "crates" | "future_bytes" | "body_bytes" => format!("{median:.0}"),
        _ => read_easily(median),
    }
}

fn unit(metric: &str) -> &str {
    if metric == "cpu_ns" { "ns" } else { title(metric, false) }
}

fn title(metric: &str, is_long: bool) -> &str {
    match metric {
        "cpu_ns" if is_long => "CPU ms (lowest to highest)",
        "cpu_ns" => "CPU ns (lowest to highest)",
        "wall_ns" => "wall ns",
        "allocs" => "allocations",
        "instr" => "instructions",
        "page_kb" => "page, kB",
        "future_bytes" => "future, bytes",
        "body_bytes" => "body, bytes",
        "binary_bytes" => "binary, bytes",
        "build_s" => "CPU s to build",
        "build_ratio" => "ratio of these",
        "per_second" => "requests/s",
        "throughput" => "ratio of these (lowest to highest)",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_table_has_the_metrics_of_its_group_and_what_is_added() {
        let case = |name: &str, values: &[(&'static str, f64)]| {
            let values = values.iter().map(|(metric, value)| (*metric, vec![*value]));
            (name.to_owned(), BTreeMap::from_iter(values))
        };
        let found = vec![
            case("http/bare", &[("cpu_ns", 1_000.0), ("ratio", 1.0), ("allocs", 3.0)]),
            case("http/ours", &[("cpu_ns", 1_500.0), ("ratio", 1.5), ("allocs", 5.0)]),
            case("scrape/ours", &[("cpu_ns", 2_500_000.0), ("page_kb", 10.0)]),
        ];
        let expected = "\
| case | CPU ns (lowest to highest) | ratio | allocations | + ns | + allocations |
|---|--:|--:|--:|--:|--:|
| http/bare | 1,000 (1,000 to 1,000) | 1.00 | 3.00 |  |  |
| http/ours | 1,500 (1,500 to 1,500) | 1.50 | 5.00 | 500 | 2.00 |
";
        assert_eq!(of(&found, "http"), expected);
        let expected = "\
| case | CPU ms (lowest to highest) | page, kB |
|---|--:|--:|
| scrape/ours | 2.50 (2.50 to 2.50) | 10.0 |
";
        assert_eq!(of(&found, "scrape"), expected);
    }
}
