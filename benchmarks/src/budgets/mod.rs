//! What this project may cost: allocations, sizes and crates exactly, instructions and the binary of the least service
//! within two of a hundred, the time to build it within a bound that only notices a leap.
//!
//! The file says what is added to the base of a case, so that a new version of a framework changes nothing in it. A
//! figure that shrank is told, too: a budget that is too wide protects from nothing.

mod difference;
mod file;

use std::{collections::BTreeMap, fs};

use crate::{
    Result, added,
    args::{Budgets, Effort},
    case::{Case, Readings},
    cases, hello, instructions, machine, rounds,
};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/budgets.tsv");

/// Repetitions; what is allocated once must not count.
const TIMES: usize = 10_000;

/// How often instructions are counted.
const RUNS: usize = 5;

/// What holds for the platform that the file names, and for no other.
const OF_THE_PLATFORM: [&str; 3] = ["instr", "binary_bytes", "build_ratio"];

/// By case and metric.
type Figures = BTreeMap<(String, String), f64>;

/// Compares the figures with the file, or writes it.
///
/// # Errors
///
/// A figure is not what the file says, or could not be found.
pub(crate) fn run(task: Budgets) -> Result {
    let platform = machine::platform();
    let written = match task {
        Budgets::Compare | Budgets::Exact => fs::read_to_string(PATH)?,
        Budgets::Write => String::new(),
    };
    let written_for = written.lines().find_map(|line| line.strip_prefix("# rustc ")).unwrap_or_default();
    let (same, same_compiler) = match platform.strip_prefix("rustc ") {
        Some(here) => (here == written_for, compiler(here) == compiler(written_for)),
        None => (false, false),
    };
    let count = match task {
        Budgets::Write => true,
        Budgets::Compare => same,
        Budgets::Exact => false,
    } && instructions::can_be_counted();
    if !same && task == Budgets::Compare {
        eprintln!("not all is compared: here is {platform}, which is not what budgets.tsv is for");
    }
    let found = measured(count)?;
    if task == Budgets::Write {
        return Ok(fs::write(PATH, file::text(&platform, &found))?);
    }
    let left_out: &[&str] = match (count, same_compiler) {
        (true, true) => &[],
        (false, true) => &["instr"],
        (_, false) => &OF_THE_PLATFORM,
    };
    let differing = difference::told(&file::read(&written)?, &found, left_out);
    for line in &differing {
        println!("{line}");
    }
    match differing.len() {
        0 => {
            println!("{} figures are within benchmarks/budgets.tsv", found.len());
            Ok(())
        }
        number => Err(format!("{number} figures are not those of benchmarks/budgets.tsv").into()),
    }
}

/// Its version, of the words of a platform.
fn compiler(platform: &str) -> &str {
    platform.split(',').next().unwrap_or_default()
}

/// What each case of this project adds to its base.
fn measured(count: bool) -> Result<Figures> {
    let (mut bases, mut figures): (BTreeMap<String, Readings>, _) = (BTreeMap::new(), Figures::new());
    let all = cases::all();
    for case in all.iter().filter(|case| has_budget(case)) {
        let mut own = exact(case, count)?;
        if let Some(base) = case.base.and_then(|base| all.iter().find(|case| case.name == base)) {
            if !bases.contains_key(&base.name) {
                bases.insert(base.name.clone(), exact(base, count)?);
            }
            let base = bases.get(&base.name).map(Vec::as_slice).unwrap_or_default();
            for ((_, own), (_, base)) in own.iter_mut().zip(base) {
                *own -= base;
            }
        }
        figures
            .extend(own.into_iter().map(|(metric, value)| ((case.name.clone(), metric.to_owned()), value)));
    }
    figures.extend(facade()?);
    Ok(figures)
}

/// What the facade adds to the least service.
fn facade() -> Result<Figures> {
    let found = hello::run()?;
    let of = |metric| ["hello/bare", "hello/ours"].map(|case| added::figure(&found, case, metric));
    let mut figures = Vec::from([("crates", hello::brought()?.len() as f64)]);
    if let [Some(bare), Some(ours)] = of("binary_bytes") {
        figures.push(("binary_bytes", ours - bare));
    }
    if let [_, Some(ratio)] = of("build_ratio") {
        figures.push(("build_ratio", (ratio * 10.0).round() / 10.0));
    }
    let case = |(metric, value): (&str, f64)| (("hello/ours".to_owned(), metric.to_owned()), value);
    Ok(figures.into_iter().map(case).collect())
}

/// One trace of a hundred is no exact figure: none or all of them are.
fn has_budget(Case { name, base, .. }: &Case) -> bool {
    let exact = base.is_none_or(|base| !base.starts_with("metric/")) && !name.ends_with("-1");
    let sized = name.starts_with("size/ours");
    exact && (sized || base.is_some()) && name.contains("/ours")
}

/// The figures of a case that are the same on every machine.
fn exact(case: &Case, count: bool) -> Result<Readings> {
    let mut readings = rounds::in_a_process(case, Effort::Times(TIMES))?;
    readings.retain(|(metric, _)| matches!(*metric, "allocs" | "future_bytes" | "body_bytes"));
    for (_, value) in &mut readings {
        *value = value.round();
    }
    // Where spans are recorded, instructions follow the fill of a queue that another thread empties.
    let counted = count && !case.name.ends_with("-100") && !case.name.ends_with("-tp");
    if counted && readings.iter().any(|(metric, _)| *metric == "allocs") {
        readings.push(("instr", instructions(case)?));
    }
    Ok(readings)
}

/// The least of some runs: now and then the allocator of the C library takes a longer way, and keeps to it.
fn instructions(case: &Case) -> Result<f64> {
    let runs = (0..RUNS).map(|_| instructions::of(case)).collect::<Result<Vec<f64>>>()?;
    Ok(runs.into_iter().fold(f64::INFINITY, f64::min).round())
}
