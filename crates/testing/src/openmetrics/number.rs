//! Numbers, as the grammar of the standard has them.

/// A value: real, infinite or NaN.
pub(crate) fn value(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if ["inf", "infinity"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    real(text)
}

/// A timestamp: neither infinite nor NaN, nor anything that only Rust takes for a number.
pub(crate) fn real(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_real = digits(whole)
        && digits(decimals)
        && whole.len() + decimals.len() > 0
        && exponent.is_none_or(|exponent| digits(exponent) && !exponent.is_empty());
    is_real.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_the_grammar_says() {
        for (text, expected) in [
            ("1", 1.0),
            ("+1.", 1.0),
            ("-.5", -0.5),
            ("001.2e-1", 0.12),
            ("1E+3", 1000.0),
            ("+Inf", f64::INFINITY),
            ("-infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        assert!(value("NaN").is_some_and(f64::is_nan));
        for text in
            ["", ".", "e1", "1e", "1e+", "0x1", "1_2", " 1", "1 ", "--1", "-nan", "infin", "1.1.1", "é"]
        {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn a_timestamp_is_finite() {
        assert_eq!(real("1.5e3"), Some(1500.0));
        assert!(["Inf", "NaN", "-Inf"].iter().all(|text| real(text).is_none()));
    }
}
