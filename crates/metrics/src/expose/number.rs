//! Numbers, in the words of Prometheus.

use crate::store::Number;

/// Appends a sample value.
pub(crate) fn number(number: Number, out: &mut String) {
    match number {
        Number::Unsigned(number) => unsigned(number, out),
        Number::Signed(number) => out.push_str(itoa::Buffer::new().format(number)),
        Number::Float(number) => float(number, out),
    }
}

/// Appends a whole number.
pub(crate) fn unsigned(number: u64, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Appends the shortest text that reads back as the same float; a whole one without `.0`, as text 0.0.4 spells `le`.
pub(crate) fn float(number: f64, out: &mut String) {
    if number.is_nan() {
        out.push_str("NaN");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(number);
        out.push_str(text.strip_suffix(".0").unwrap_or(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_short_and_exact() {
        for (value, expected) in [
            (0.005, "0.005"),
            (1.0, "1"),
            (10.0, "10"),
            (7.5, "7.5"),
            (0.0, "0"),
            (-2.0, "-2"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            let mut out = String::new();
            float(value, &mut out);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn integers_keep_every_digit() {
        let mut out = String::new();
        number(Number::Unsigned(u64::MAX), &mut out);
        out.push(' ');
        number(Number::Signed(i64::MIN), &mut out);
        assert_eq!(out, "18446744073709551615 -9223372036854775808");
    }
}
