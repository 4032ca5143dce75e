//! The figures, for people and for programs.

use crate::{
    args::Output,
    rounds::{Found, METRICS},
    table,
};

/// Prints what was found: the median of each metric of each case, or a table for each group of cases.
pub(crate) fn print(found: &Found, output: Output) {
    if output == Output::Tsv {
        for (case, values) in found {
            for metric in METRICS {
                let Some([_, median, _]) = values.get(metric).and_then(|values| spread(values)) else {
                    continue;
                };
                println!("{case}\t{metric}\t{}", shown(median));
            }
        }
        return;
    }
    for (index, (case, _)) in found.iter().enumerate() {
        // The cases of a group need not stand together.
        let is_first = found.iter().position(|(other, _)| group(other) == group(case)) == Some(index);
        if is_first {
            println!("{}", table::of(found, group(case)));
        }
    }
}

/// What stands before the `/` in the name of a case.
pub(crate) fn group(case: &str) -> &str {
    case.split_once('/').map_or(case, |(group, _)| group)
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

/// The same for people, with a comma between thousands.
pub(crate) fn read_easily(value: f64) -> String {
    let text = shown(value);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    if digits.contains('.') {
        return text;
    }
    let comma = |(index, digit)| match (digits.len() - index) % 3 {
        0 if index > 0 => format!(",{digit}"),
        _ => format!("{digit}"),
    };
    sign.chars().map(String::from).chain(digits.chars().enumerate().map(comma)).collect()
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

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [999.0, 12_345.0, 1_234_567.0, 12.34].map(read_easily),
            ["999", "12,345", "1,234,567", "12.3"]
        );
        assert_eq!([-123.0, -1_234.0].map(read_easily), ["-123", "-1,234"]);
    }
}
