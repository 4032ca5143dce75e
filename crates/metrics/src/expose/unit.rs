//! UCUM units as the words that Prometheus names end in.

use super::name;

/// The words for a unit as the end of a name.
pub(crate) fn suffix(unit: &str) -> String {
    let suffix = name::legal(&words(unit), |char| char.is_ascii_alphanumeric());
    suffix.trim_matches('_').to_owned()
}

/// The words for a unit: `s` is `seconds`, `By/s` is `bytes_per_second`. Empty for `1` and `{annotations}`.
fn words(unit: &str) -> String {
    let (amount, per) = match unit.split_once('/') {
        Some((amount, per)) => (amount, Some(per)),
        None => (unit, None),
    };
    let mut words = String::from(plural(amount));
    let per = per.map(singular).unwrap_or_default();
    if !per.is_empty() {
        if !words.is_empty() {
            words.push('_');
        }
        words.push_str("per_");
        words.push_str(per);
    }
    words
}

fn plural(unit: &str) -> &str {
    match unit {
        "1" => "",
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tebibytes",
        "KBy" | "kBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        other => plain(other),
    }
}

fn singular(unit: &str) -> &str {
    match unit {
        "s" => "second",
        "m" | "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        other => plain(other),
    }
}

/// An annotation in braces is a remark for people, not a unit.
fn plain(unit: &str) -> &str {
    if unit.contains(['{', '}']) { "" } else { unit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_as_words() {
        for (unit, expected) in [
            ("s", "seconds"),
            ("ms", "milliseconds"),
            ("By", "bytes"),
            ("%", "percent"),
            ("m/s", "meters_per_second"),
            ("{request}/s", "per_second"),
            ("{request}", ""),
            ("1", ""),
            ("", ""),
            ("By/{request}", "bytes"),
            ("widgets", "widgets"),
        ] {
            assert_eq!(words(unit), expected, "{unit}");
        }
    }
}
