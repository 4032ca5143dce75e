//! What this project may cost: allocations and sizes exactly, instructions within two of a hundred.
//!
//! The file says what is added to the base of a case, so that a new version of a framework changes nothing in it. A
//! figure that shrank is told, too: a budget that is too wide protects from nothing.

use std::{collections::BTreeMap, fmt::Write, fs, process::Command};

use crate::{
    Result,
    args::{Budgets, Effort},
    case::{Case, Readings},
    cases, instructions, rounds,
};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/budgets.tsv");

/// Repetitions; what is allocated once must not count.
const TIMES: usize = 10_000;

/// How often instructions are counted.
const RUNS: usize = 5;

/// How far instructions may differ: where things lie in memory, and the seeds of hash maps, move them a little.
const TOLERANCE: f64 = 0.02;

const HEAD: &str = "# What this project adds to a bare server, client or service: case, metric, value.
# `cargo run --release --manifest-path benchmarks/Cargo.toml --no-default-features -- --check` compares, and with
# `--write` writes this file. Instructions hold for what is named here.
";

/// By case and metric.
type Figures = BTreeMap<(String, String), f64>;

/// Compares the figures with the file, or writes it.
///
/// # Errors
///
/// A figure is not what the file says, or could not be found.
pub(crate) fn run(task: Budgets) -> Result {
    let platform = platform();
    let written = match task {
        Budgets::Compare | Budgets::Exact => fs::read_to_string(PATH)?,
        Budgets::Write => String::new(),
    };
    let known = written.lines().any(|line| line.strip_prefix("# ") == Some(&platform));
    let count = match task {
        Budgets::Write => true,
        Budgets::Compare => known,
        Budgets::Exact => false,
    } && instructions::can_be_counted();
    if !count && task == Budgets::Compare {
        eprintln!("instructions are not compared: here is {platform}, which is not what budgets.tsv is for");
    }
    let found = measured(count)?;
    if task == Budgets::Write {
        return Ok(fs::write(PATH, text(&platform, &found))?);
    }
    let differing = differing(&read(&written)?, &found, count);
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
    Ok(figures)
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

fn differing(budgets: &Figures, found: &Figures, count: bool) -> Vec<String> {
    let mut differing = Vec::new();
    for ((case, metric), value) in found {
        let Some(budget) = budgets.get(&(case.clone(), metric.clone())) else {
            differing.push(format!("{case}: {metric} has no budget; it is {value}"));
            continue;
        };
        let room = if metric == "instr" { budget.abs() * TOLERANCE } else { 0.0 };
        if (value - budget).abs() > room {
            let word = if value > budget { "grew" } else { "shrank: write it down" };
            differing.push(format!("{case}: {metric} {word}, from {budget} to {value}"));
        }
    }
    let gone = budgets.keys().filter(|key| !found.contains_key(*key) && (count || key.1 != "instr"));
    differing.extend(gone.map(|(case, metric)| format!("{case}: {metric} has a budget and is not measured")));
    differing
}

fn text(platform: &str, figures: &Figures) -> String {
    let mut text = format!("{HEAD}# {platform}\n");
    for ((case, metric), value) in figures {
        let _ = writeln!(text, "{case}\t{metric}\t{value}");
    }
    text
}

fn read(text: &str) -> Result<Figures> {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let key = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some((key, parts.next()?.parse().ok()?))
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|text| line(text).ok_or_else(|| format!("budgets.tsv: `{text}` is no budget").into())).collect()
}

/// What instructions depend on beside the code: the compiler, the C library with its allocator, and the counter.
fn platform() -> String {
    const QUESTIONS: [(&str, &str); 3] =
        [("rustc", "--version"), ("getconf", "GNU_LIBC_VERSION"), ("valgrind", "--version")];
    let answer = |(program, question): (&str, &str)| match Command::new(program).arg(question).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => format!("no {program}"),
    };
    QUESTIONS.map(answer).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(metric: &str, value: f64) -> Figures {
        Figures::from([(("http/ours".to_owned(), metric.to_owned()), value)])
    }

    #[test]
    fn an_allocation_more_or_less_is_told() {
        assert!(differing(&figures("allocs", 5.0), &figures("allocs", 5.0), true).is_empty());
        let told = |value| differing(&figures("allocs", 5.0), &figures("allocs", value), true);
        assert_eq!(told(6.0), ["http/ours: allocs grew, from 5 to 6"]);
        assert_eq!(told(4.0), ["http/ours: allocs shrank: write it down, from 5 to 4"]);
    }

    #[test]
    fn instructions_have_two_of_a_hundred() {
        let told = |value| differing(&figures("instr", 1_000.0), &figures("instr", value), true).len();
        assert_eq!([told(1_020.0), told(1_021.0), told(980.0), told(979.0)], [0, 1, 0, 1]);
    }

    #[test]
    fn what_has_no_budget_or_is_not_measured_is_told() {
        assert_eq!(differing(&Figures::new(), &figures("allocs", 1.0), true).len(), 1);
        assert_eq!(differing(&figures("allocs", 1.0), &Figures::new(), true).len(), 1);
        assert!(differing(&figures("instr", 1.0), &Figures::new(), false).is_empty());
    }

    #[test]
    fn what_is_written_is_read() -> Result {
        let written = text("1.95.0", &figures("allocs", 5.0));
        assert_eq!(read(&written)?, figures("allocs", 5.0));
        assert!(read("a line").is_err());
        Ok(())
    }
}
