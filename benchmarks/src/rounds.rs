//! The parent: every case in a process of its own, round by round.

use std::{collections::BTreeMap, process::Command};

use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    cases, instructions,
};

/// What all rounds found, in the order of the cases.
pub(crate) type Found = Vec<(String, BTreeMap<&'static str, Vec<f64>>)>;

/// Runs the cases whose names begin with one of these.
///
/// # Errors
///
/// No name begins so, or a case failed.
pub(crate) fn run(effort: Effort, only: &[String]) -> Result<Found> {
    let wanted = |case: &Case| only.iter().any(|only| case.name.starts_with(only));
    let cases: Vec<Case> = cases::all().into_iter().filter(wanted).collect();
    if cases.is_empty() {
        return Err(format!("no case begins with {}", only.join(" or ")).into());
    }
    let mut found: Found = cases.iter().map(|case| (case.name.clone(), BTreeMap::new())).collect();
    for round in 1..=effort.rounds() {
        eprintln!("round {round} of {}", effort.rounds());
        let mut cpu = BTreeMap::new();
        for (case, (_, values)) in cases.iter().zip(&mut found) {
            let readings = in_a_process(case, effort)?;
            let own = readings.iter().find(|(metric, _)| *metric == "cpu_ns").map(|(_, value)| *value);
            cpu.extend(own.map(|own| (case.name.clone(), own)));
            let base = case.base.and_then(|base| cpu.get(base).copied());
            let ratio = own.zip(base).map(|(own, base)| ("ratio", own / base));
            for (metric, value) in readings.into_iter().chain(ratio) {
                values.entry(metric).or_default().push(value);
            }
        }
    }
    count_instructions(&cases, &mut found)?;
    Ok(found)
}

/// Once: they are the same in every round.
fn count_instructions(cases: &[Case], found: &mut Found) -> Result {
    if !instructions::can_be_counted() {
        eprintln!("no instructions are counted: there is no valgrind");
        return Ok(());
    }
    eprintln!("instructions");
    for (case, (_, values)) in cases.iter().zip(found) {
        // What allocates once or for each repetition is a repetition that can be counted.
        if values.contains_key("allocs") {
            values.insert("instr", vec![instructions::of(case)?]);
        }
    }
    Ok(())
}

/// A case in a process of its own; the arguments say for how long.
///
/// # Errors
///
/// It failed.
pub(crate) fn in_a_process(case: &Case, effort: Effort) -> Result<Readings> {
    let output = command(Command::new(std::env::current_exe()?), case, effort).output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", case.name, String::from_utf8_lossy(&output.stderr)).into());
    }
    let readings = String::from_utf8(output.stdout)?.lines().map(reading).collect::<Option<Readings>>();
    readings.ok_or_else(|| format!("{} answers something else than figures", case.name).into())
}

/// This program, told to run a case, with the share of new traces that the case samples.
pub(crate) fn command(mut program: Command, case: &Case, effort: Effort) -> Command {
    match effort {
        Effort::Quick => drop(program.arg("--quick")),
        Effort::Times(times) => drop(program.args(["--times", &times.to_string()])),
        Effort::Thorough | Effort::Serve => {}
    }
    program.args([if effort == Effort::Serve { "--serve" } else { "--case" }, &case.name]);
    program.env("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
    program.env("OTEL_TRACES_SAMPLER_ARG", case.share.to_string());
    program
}

fn reading(line: &str) -> Option<(&'static str, f64)> {
    let (name, value) = line.split_once('\t')?;
    Some((metric(name)?, value.parse().ok()?))
}

/// The metric of this name.
pub(crate) fn metric(name: &str) -> Option<&'static str> {
    METRICS.iter().copied().find(|known| *known == name)
}

/// What a case may tell, in the order in which it is shown.
pub(crate) const METRICS: [&str; 16] = [
    "cpu_ns",
    "wall_ns",
    "parallel",
    "ratio",
    "per_second",
    "throughput",
    "allocs",
    "bytes",
    "instr",
    "page_kb",
    "future_bytes",
    "body_bytes",
    "crates",
    "binary_bytes",
    "build_s",
    "build_ratio",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_child_is_read_and_anything_else_is_not() {
        assert_eq!(reading("cpu_ns\t12.5"), Some(("cpu_ns", 12.5)));
        assert_eq!(reading("cpu_ns 12.5"), None);
        assert_eq!(reading("luck\t1"), None);
    }
}
