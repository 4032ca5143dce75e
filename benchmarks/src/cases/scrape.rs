//! A page of ten thousand series.

use super::super::library::{self, Page};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    label::SERIES,
    measure,
};

/// Pages of a thorough run.
const TIMES: usize = 15;

pub(crate) fn all() -> Vec<Case> {
    let counters = library::ALL.map(|library| {
        Case::new(format!("scrape/{}-10k-counters", library.name), move |effort| {
            scrape((library.counters)()?, effort, SERIES)
        })
    });
    // Fourteen buckets, that without a bound, sum and count.
    let histograms = library::ALL.map(|library| {
        Case::new(format!("scrape/{}-10k-histograms", library.name), move |effort| {
            scrape((library.histograms)()?, effort, SERIES * 17)
        })
    });
    counters.into_iter().chain(histograms).collect()
}

fn scrape(mut page: Page, effort: Effort, lines: usize) -> Result<Readings> {
    let (cpu, bytes) = measure::median_of(effort.of(TIMES), &mut page);
    // No line is shorter than its four labels.
    if bytes < lines * 80 {
        return Err(format!("a page of {bytes} bytes is no page of {lines} lines").into());
    }
    Ok(vec![("cpu_ns", cpu.as_nanos() as f64), ("page_kb", bytes as f64 / 1e3)])
}
