//! The versions that were measured, as the lock file has them.

const LOCK: &str = include_str!("../Cargo.lock");

/// The peers, and what they and this project stand on.
const NAMES: [&str; 21] = [
    "axum",
    "tonic",
    "tower-http",
    "opentelemetry_sdk",
    "tracing-opentelemetry",
    "opentelemetry-prometheus",
    "prometheus",
    "prometheus-client",
    "metrics",
    "metrics-exporter-prometheus",
    "axum-prometheus",
    "axum-otel-metrics",
    "tower-otel",
    "opentelemetry-instrumentation-tower",
    "axum-tracing-opentelemetry",
    "tonic-tracing-opentelemetry",
    "json-subscriber",
    "tracing-bunyan-formatter",
    "logforth",
    "emit",
    "tracing-subscriber",
];

/// Names with their versions, in one line.
pub(crate) fn of_peers() -> String {
    let named = NAMES.map(|name| format!("{name} {}", newest(LOCK, name).unwrap_or("?")));
    named.join(", ")
}

/// The last that the lock file has of this name: it sorts them.
fn newest<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let head = format!("name = \"{name}\"\nversion = \"");
    lock.rsplit_once(&head)?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_a_name_is_found() {
        let lock = "name = \"a\"\nversion = \"0.32.0\"\n\nname = \"a\"\nversion = \"0.33.1\"\n\nname = \"ab\"\nversion = \"2.0.0\"\n";
        assert_eq!(newest(lock, "a"), Some("0.33.1"));
        assert_eq!(newest(lock, "b"), None);
        assert!(!of_peers().contains('?'), "{}", of_peers());
    }
}
