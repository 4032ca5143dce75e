//! OpenTelemetry names as Prometheus names.

use super::unit;
use crate::store::{Descriptor, Kind};

/// The name with its unit, without the suffix of a kind: `http_server_request_duration_seconds`.
pub(crate) fn base(descriptor: &Descriptor, kind: Kind) -> String {
    let mut name = legal(descriptor.name(), is_kept);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    // Only a counter ends in `_total`, and there it stands after the unit.
    if kind == Kind::Counter
        && let Some(rest) = name.strip_suffix("_total").filter(|rest| !rest.is_empty())
    {
        name.truncate(rest.len());
    }
    let unit = unit::suffix(descriptor.unit());
    if !unit.is_empty() && !ends_with_word(&name, &unit) {
        if !name.ends_with('_') {
            name.push('_');
        }
        name.push_str(&unit);
    }
    // The name of a counter's family in OpenMetrics is that of its sample without `_total`, and may not be empty.
    if kind == Kind::Counter {
        let stem = name.trim_end_matches('_').len();
        name.truncate(stem.max(1));
    }
    name
}

/// The name that stands in the `TYPE` line of text 0.0.4.
pub(crate) fn metric(descriptor: &Descriptor, kind: Kind) -> String {
    let mut name = base(descriptor, kind);
    if kind == Kind::Counter {
        name.push_str("_total");
    }
    name
}

/// Whether the character stays in the name of a metric.
pub(crate) fn is_kept(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == ':'
}

/// The name of a label. Never empty, and never with the two leading underscores that Prometheus keeps for itself.
pub(crate) fn label(name: &str) -> String {
    let mut label = legal(name, |char| char.is_ascii_alphanumeric());
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        label.insert_str(0, "key_");
    }
    label
}

/// Replaces each run of other characters by one underscore.
pub(crate) fn legal(name: &str, keep: impl Fn(char) -> bool) -> String {
    let mut legal = String::with_capacity(name.len());
    for char in name.chars() {
        if keep(char) {
            legal.push(char);
        } else if !legal.ends_with('_') {
            legal.push('_');
        }
    }
    if legal.is_empty() {
        legal.push('_');
    }
    legal
}

/// Whether the name is the word, or ends in it after an underscore.
pub(crate) fn ends_with_word(name: &str, word: &str) -> bool {
    name.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_names_get_underscores_and_suffixes() {
        use Kind::{Counter, Gauge, Histogram};
        for (name, unit, kind, expected) in [
            ("http.server.request.duration", "s", Histogram, "http_server_request_duration_seconds"),
            ("http.server.active_requests", "{request}", Gauge, "http_server_active_requests"),
            ("http.server.request.body.size", "By", Histogram, "http_server_request_body_size_bytes"),
            ("foo.bar", "By", Counter, "foo_bar_bytes_total"),
            ("foo.bar.total", "By", Counter, "foo_bar_bytes_total"),
            ("foo_bytes_total", "By", Counter, "foo_bytes_total"),
            ("foo_bytes_total", "", Counter, "foo_bytes_total"),
            ("foo.total", "", Gauge, "foo_total"),
            ("wait.seconds", "s", Gauge, "wait_seconds"),
            ("milliseconds", "s", Gauge, "milliseconds_seconds"),
            ("seconds.left", "s", Gauge, "seconds_left_seconds"),
            ("a..b/-c", "1", Gauge, "a_b_c"),
            ("1st", "", Gauge, "_1st"),
            ("speed", "m/s", Gauge, "speed_meters_per_second"),
            ("job:errors:rate5m", "", Gauge, "job:errors:rate5m"),
            ("odd", "a\nb", Gauge, "odd_a_b"),
            ("", "", Gauge, "_"),
            ("jobs.", "", Counter, "jobs_total"),
            (".total", "", Counter, "_total_total"),
            ("é.", "", Counter, "__total"),
        ] {
            assert_eq!(metric(&Descriptor::new(name, unit, ""), kind), expected, "{name} in {unit}");
        }
    }

    #[test]
    fn label_names_are_never_reserved_ones() {
        for (name, expected) in [
            ("http.request.method", "http_request_method"),
            ("otel.metric.overflow", "otel_metric_overflow"),
            ("__name__", "_name_"),
            ("2xx", "key_2xx"),
            ("a:b", "a_b"),
            ("ä", "_"),
        ] {
            assert_eq!(label(name), expected, "{name}");
        }
    }
}
