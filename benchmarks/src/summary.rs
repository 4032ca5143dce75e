//! The figures in a sentence, for who reads no tables.

use crate::{
    added::{Of, figure},
    report::{read_easily, shown},
    rounds::Found,
};

/// What the README says.
pub(crate) fn of(found: &Found) -> Option<String> {
    let added = |case, metric| Of::Added(metric).read(found, case);
    let time = |case| figure(found, case, "cpu_ns");
    let [one, two] = [time("metric/ours-1t")?, time("metric/ours-2t")?].map(shown);
    let [metrics, full, peer] = [
        added("http/ours-metrics", "allocs")?,
        added("http/ours-full-1", "allocs")?,
        added("http/peer-contrib-full-1", "allocs")?,
    ]
    .map(f64::round);
    let [instructions, of_peer] =
        ["http/ours-full-1", "http/peer-contrib-full-1"].map(|case| added(case, "instr").map(read_easily));
    let line = shown(time("log/ours")?);
    let series = read_easily(figure(found, "mem/ours-histogram-series", "bytes")?);
    let [counters, histograms] =
        [time("scrape/ours-10k-counters")?, time("scrape/ours-10k-histograms")?].map(|ns| shown(ns / 1e6));
    let of_facade = |metric| {
        let [bare, ours] = ["hello/bare", "hello/ours"].map(|case| figure(found, case, metric));
        Some(ours? - bare?)
    };
    let (crates, megabytes) = (of_facade("crates")?, of_facade("binary_bytes")? / 1e6);
    Some(format!(
        "A recording through a kept handle takes {one} ns, and {two} on two threads at once. The metrics window adds \
         {metrics}\nallocations to an axum request; all four windows with a JSON line add {full} and {} instructions, \
         the leanest set of others\n{peer} and {}. A log line takes {line} ns and no allocation, a page of 10,000 \
         counters {counters} ms and of 10,000 histograms\n{histograms} ms, a series of a histogram {series} bytes. The facade \
         brings {crates} crates and {megabytes:.1} MB of binary.",
        instructions?, of_peer?
    ))
}
