//! Bounds, in the one spelling that OpenMetrics has for each.

/// Appends a bound as OpenMetrics 1.0 ("Considerations: Canonical Numbers") and the clients of Prometheus write it:
/// `0.005`, `1.0`, `1e+06`, `+Inf`. A server that takes the text of `le` for what it is sees one series, whoever
/// wrote it.
pub(crate) fn bound(bound: f64, out: &mut String) {
    if !bound.is_finite() {
        return super::number::float(bound, out);
    }
    let scientific = format!("{bound:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return out.push_str(&scientific) };
    match exponent.parse::<i32>() {
        // What Go's `strconv` does for 'g' and the shortest digits, and so all servers and most clients.
        Ok(exponent @ ..-4) => out.push_str(&format!("{digits}e-{:02}", exponent.unsigned_abs())),
        Ok(exponent @ 6..) => out.push_str(&format!("{digits}e+{exponent:02}")),
        _ => out.push_str(&format!("{bound:?}")),
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_bound_has_one_spelling() {
        for (value, expected) in [
            (0.0, "0.0"),
            (0.005, "0.005"),
            (1.0, "1.0"),
            (7.5, "7.5"),
            (100_000.0, "100000.0"),
            (1e6, "1e+06"),
            (1_048_576.0, "1.048576e+06"),
            (1e10, "1e+10"),
            (1e100, "1e+100"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (f64::INFINITY, "+Inf"),
        ] {
            let mut out = String::new();
            bound(value, &mut out);
            assert_eq!(out, expected);
        }
    }
}
