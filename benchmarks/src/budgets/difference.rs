//! How figures differ from their budgets.

use super::Figures;

/// How far instructions may differ: where things lie in memory, and the seeds of hash maps, move them a little. A binary
/// differs by the lengths of paths, and by what the linker rounds.
const TOLERANCE: f64 = 0.02;

/// How much longer it may take to build. What else a machine does, and how warm it is, moves the ratio by a tenth; a
/// change that matters adds a crate, which is counted exactly.
const LEAP: f64 = 0.3;

/// A sentence for each figure that is not within its budget, those of some metrics left out.
pub(super) fn told(budgets: &Figures, found: &Figures, left_out: &[&str]) -> Vec<String> {
    let compared = |((_, metric), _): &(&(String, String), &f64)| !left_out.contains(&metric.as_str());
    let mut differing = Vec::new();
    for ((case, metric), value) in found.iter().filter(compared) {
        let Some(budget) = budgets.get(&(case.clone(), metric.clone())) else {
            differing.push(format!("{case}: {metric} has no budget; it is {value}"));
            continue;
        };
        let (less, more) = room(metric, *budget);
        if *value > budget + more {
            differing.push(format!("{case}: {metric} grew, from {budget} to {value}"));
        } else if *value < budget - less {
            differing.push(format!("{case}: {metric} shrank: write it down, from {budget} to {value}"));
        }
    }
    let gone = budgets.iter().filter(compared).filter(|(key, _)| !found.contains_key(*key));
    differing
        .extend(gone.map(|((case, metric), _)| format!("{case}: {metric} has a budget and is not measured")));
    differing
}

/// How much less and more a figure may be than its budget.
fn room(metric: &str, budget: f64) -> (f64, f64) {
    match metric {
        "instr" | "binary_bytes" => (budget.abs() * TOLERANCE, budget.abs() * TOLERANCE),
        "build_ratio" => (f64::INFINITY, budget * LEAP),
        _ => (0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(metric: &str, value: f64) -> Figures {
        Figures::from([(("http/ours".to_owned(), metric.to_owned()), value)])
    }

    #[test]
    fn an_allocation_more_or_less_is_told() {
        assert!(told(&figures("allocs", 5.0), &figures("allocs", 5.0), &[]).is_empty());
        let told = |value| super::told(&figures("allocs", 5.0), &figures("allocs", value), &[]);
        assert_eq!(told(6.0), ["http/ours: allocs grew, from 5 to 6"]);
        assert_eq!(told(4.0), ["http/ours: allocs shrank: write it down, from 5 to 4"]);
    }

    #[test]
    fn instructions_have_two_of_a_hundred() {
        let told = |value| super::told(&figures("instr", 1_000.0), &figures("instr", value), &[]).len();
        assert_eq!([told(1_020.0), told(1_021.0), told(980.0), told(979.0)], [0, 1, 0, 1]);
    }

    #[test]
    fn what_has_no_budget_or_is_not_measured_is_told() {
        assert_eq!(told(&Figures::new(), &figures("allocs", 1.0), &[]).len(), 1);
        assert_eq!(told(&figures("allocs", 1.0), &Figures::new(), &[]).len(), 1);
        assert!(told(&figures("instr", 1.0), &Figures::new(), &["instr"]).is_empty());
    }

    #[test]
    fn a_build_may_be_quicker_and_not_much_slower() {
        let told =
            |value| super::told(&figures("build_ratio", 3.0), &figures("build_ratio", value), &[]).len();
        assert_eq!([told(1.0), told(3.9), told(4.0)], [0, 0, 1]);
    }
}
