//! The parent: every case in a process of its own, round by round.

use std::{collections::BTreeMap, process::Command};

use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    cases, instructions,
};

/// A share of new traces as production has it, for the cases that trace.
pub(crate) const ENVIRONMENT: [(&str, &str); 2] =
    [("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.01")];

/// What all rounds found, in the order of the cases.
pub(crate) type Found = Vec<(String, BTreeMap<&'static str, Vec<f64>>)>;

/// Runs the cases whose name begins so.
///
/// # Errors
///
/// No name begins so, or a case failed.
pub(crate) fn run(effort: Effort, only: &str) -> Result<Found> {
    let cases: Vec<Case> = cases::all().into_iter().filter(|case| case.name.starts_with(only)).collect();
    if cases.is_empty() {
        return Err(format!("no case begins with {only}").into());
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
    if effort == Effort::Thorough && instructions::can_be_counted() {
        eprintln!("instructions");
        for (case, (_, values)) in cases.iter().zip(&mut found) {
            if let Some(thorough) = case.counted {
                values.insert("instructions", vec![instructions::of(case, thorough)?]);
            }
        }
    }
    Ok(found)
}

fn in_a_process(case: &Case, effort: Effort) -> Result<Readings> {
    let mut command = Command::new(std::env::current_exe()?);
    match effort {
        Effort::Quick => drop(command.arg("--quick")),
        Effort::Times(times) => drop(command.args(["--times", &times.to_string()])),
        Effort::Thorough => {}
    }
    let output = command.args(["--case", &case.name]).envs(ENVIRONMENT).output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", case.name, String::from_utf8_lossy(&output.stderr)).into());
    }
    let readings = String::from_utf8(output.stdout)?.lines().map(reading).collect::<Option<Readings>>();
    readings.ok_or_else(|| format!("{} answers something else than figures", case.name).into())
}

fn reading(line: &str) -> Option<(&'static str, f64)> {
    let (metric, value) = line.split_once('\t')?;
    // What a child may say, in the order of columns.
    let metric = METRICS.iter().find(|known| **known == metric)?;
    Some((metric, value.parse().ok()?))
}

/// The metrics, in the order in which they are shown.
pub(crate) const METRICS: [&str; 10] = [
    "cpu_ns",
    "wall_ns",
    "parallel",
    "ratio",
    "instructions",
    "allocs",
    "alloc_bytes",
    "cpu_ms",
    "page_kb",
    "bytes_per_series",
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
