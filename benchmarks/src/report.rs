//! The figures, for people and for programs.

use crate::{
    args::Output,
    rounds::{Found, METRICS},
};

/// Prints the median of each metric of each case; the table also says how far the rounds lie apart.
pub(crate) fn print(found: &Found, output: Output) {
    if output != Output::Tsv {
        println!("| case | metric | median | lowest | highest |");
        println!("|---|---|--:|--:|--:|");
    }
    for (case, values) in found {
        for metric in METRICS {
            let Some(values) = values.get(metric) else { continue };
            let Some([lowest, median, highest]) = spread(values) else { continue };
            match output {
                Output::Table | Output::Plot => println!(
                    "| {case} | {metric} | {} | {} | {} |",
                    shown(median),
                    shown(lowest),
                    shown(highest)
                ),
                Output::Tsv => println!("{case}\t{metric}\t{}", shown(median)),
            }
        }
    }
}

/// The lowest, the median and the highest.
pub(crate) fn spread(values: &[f64]) -> Option<[f64; 3]> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    Some([*values.first()?, *values.get(values.len() / 2)?, *values.last()?])
}

/// Three digits that count; more would be noise.
pub(crate) fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_the_sorted() {
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some([1.0, 2.0, 3.0]));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn three_digits_are_shown() {
        assert_eq!([0.1234, 12.34, 1234.5].map(shown), ["0.12", "12.3", "1234"]);
    }
}
