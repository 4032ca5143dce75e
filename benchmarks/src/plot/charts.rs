//! Which charts there are, and what is on them.

use super::bars::{self, Bar, Kind};
use crate::{added::Of, rounds::Found};

/// A chart of one figure.
struct Chart {
    /// The name of the file.
    file: &'static str,
    title: &'static str,
    /// What the figure is.
    figure: &'static str,
    of: Of,
    /// What the bars of a row are, where they are several.
    legend: &'static [&'static str],
    rows: &'static [Row],
}

/// A label, and a case for each bar.
struct Row(Kind, &'static str, &'static [&'static str]);

use Kind::{Floor, Ours, Peer};

const HTTP: &[Row] = &[
    Row(Floor, "the least conceivable full set", &["http/floor-full-1"]),
    Row(Ours, "tower-telemetry: metrics", &["http/ours-metrics"]),
    Row(Ours, "tower-telemetry: traces", &["http/ours-trace-1"]),
    Row(Ours, "tower-telemetry: all four, JSON line", &["http/ours-full-1"]),
    Row(Peer, "axum-otel-metrics: metrics", &["http/peer-axum-otel-metrics"]),
    Row(Peer, "axum-prometheus: metrics", &["http/peer-axum-prometheus"]),
    Row(Peer, "tower-otel: traces", &["http/peer-tower-otel-trace-1"]),
    Row(Peer, "axum-tracing-opentelemetry: traces", &["http/peer-axum-tracing-otel-1"]),
    Row(Peer, "instrumentation-tower, id, JSON line", &["http/peer-contrib-full-1"]),
    Row(Peer, "tower-otel, id, JSON line", &["http/peer-tower-otel-full-1"]),
];

const GRPC: &[Row] = &[
    Row(Floor, "the least conceivable full set", &["grpc/floor-full-1"]),
    Row(Ours, "tower-telemetry: metrics", &["grpc/ours-metrics"]),
    Row(Ours, "tower-telemetry: traces", &["grpc/ours-trace-1"]),
    Row(Ours, "tower-telemetry: all four, JSON line", &["grpc/ours-full-1"]),
    Row(Peer, "tower-otel: metrics", &["grpc/peer-tower-otel-metrics"]),
    Row(Peer, "tower-otel: traces", &["grpc/peer-tower-otel-trace-1"]),
    Row(Peer, "tonic-tracing-opentelemetry: traces", &["grpc/peer-tonic-tracing-otel-1"]),
    Row(Peer, "tower-otel, tonic-tracing, id, JSON line", &["grpc/peer-full-1"]),
];

const LOG: &[Row] = &[
    Row(Floor, "the least conceivable line", &["log/floor"]),
    Row(Ours, "tower-telemetry", &["log/ours"]),
    Row(Peer, "emit", &["log/peer-emit"]),
    Row(Peer, "logforth", &["log/peer-logforth"]),
    Row(Peer, "tracing-bunyan-formatter", &["log/peer-bunyan"]),
    Row(Peer, "json-subscriber", &["log/peer-json-subscriber"]),
    Row(Peer, "fmt::json, without spans", &["log/peer-fmt-json-lean"]),
    Row(Peer, "fmt::json", &["log/peer-fmt-json"]),
];

const RECORDING: &[Row] = &[
    Row(Floor, "two shared atomic additions", &["metric/limit-atomic", "metric/limit-atomic-2t"]),
    Row(Ours, "tower-telemetry", &["metric/ours-1t", "metric/ours-2t"]),
    Row(Peer, "prometheus", &["metric/prometheus-cached-1t", "metric/prometheus-cached-2t"]),
    Row(Peer, "prometheus-client", &["metric/promclient-cached", "metric/promclient-cached-2t"]),
    Row(Peer, "metrics", &["metric/metrics-cached", "metric/metrics-cached-2t"]),
    Row(Peer, "OpenTelemetry SDK, bound", &["metric/otel-bound", "metric/otel-bound-2t"]),
];

const LOOPBACK: &[Row] = &[
    Row(Floor, "bare", &["loopback/bare"]),
    Row(Floor, "the least conceivable full set", &["loopback/floor-full-1"]),
    Row(Ours, "tower-telemetry: all four, JSON line", &["loopback/ours-full-1"]),
    Row(Peer, "instrumentation-tower, id, JSON line", &["loopback/peer-contrib-full-1"]),
    Row(Peer, "tower-otel, id, JSON line", &["loopback/peer-tower-otel-full-1"]),
];

const CHARTS: [Chart; 6] = [
    Chart {
        file: "benchmark-http",
        title: "HTTP server: instructions added to one request",
        figure: "axum's Router::layer, 1 % of traces sampled; counted by callgrind",
        of: Of::Added("instr"),
        legend: &[],
        rows: HTTP,
    },
    Chart {
        file: "benchmark-http-time",
        title: "HTTP server: CPU time added to one request, ns",
        figure: "axum's Router::layer, 1 % of traces sampled; median of interleaved rounds",
        of: Of::Added("cpu_ns"),
        legend: &[],
        rows: HTTP,
    },
    Chart {
        file: "benchmark-grpc",
        title: "gRPC server: instructions added to one unary call",
        figure: "tonic, 1 % of traces sampled; counted by callgrind",
        of: Of::Added("instr"),
        legend: &[],
        rows: GRPC,
    },
    Chart {
        file: "benchmark-log",
        title: "One JSON line with four fields and three ids: CPU time, ns",
        figure: "median of interleaved rounds",
        of: Of::All("cpu_ns"),
        legend: &[],
        rows: LOG,
    },
    Chart {
        file: "benchmark-recording",
        title: "One recording into a histogram through a kept handle: CPU time, ns",
        figure: "both threads record to the same series",
        of: Of::All("cpu_ns"),
        legend: &["one thread", "each of two threads at once"],
        rows: RECORDING,
    },
    Chart {
        file: "benchmark-loopback",
        title: "HTTP server on a socket under wrk: CPU time of the process per request, ns",
        figure: "all of it, kernel included; 1 % of traces sampled",
        of: Of::All("cpu_ns"),
        legend: &[],
        rows: LOOPBACK,
    },
];

/// Each chart whose cases were run, after the name of its file.
pub(crate) fn all(found: &Found) -> impl Iterator<Item = (&'static str, String)> {
    CHARTS.iter().filter_map(|chart| Some((chart.file, drawn(chart, found)?)))
}

fn drawn(Chart { title, figure, of, legend, rows, .. }: &Chart, found: &Found) -> Option<String> {
    let bar = |Row(kind, label, cases): &Row| {
        let values = cases.iter().map(|case| of.read(found, case)).collect::<Option<_>>()?;
        Some(Bar { kind: *kind, label, values })
    };
    let bars = rows.iter().map(bar).collect::<Option<Vec<_>>>()?;
    Some(bars::chart(title, figure, legend, &bars))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases;

    #[test]
    fn every_bar_is_of_a_case_that_there_is() {
        let names: Vec<String> = cases::all().into_iter().map(|case| case.name).collect();
        for chart in CHARTS {
            for case in chart.rows.iter().flat_map(|Row(_, _, cases)| *cases) {
                let built = cfg!(feature = "peers") || !case.contains("/peer-");
                assert!(!built || names.contains(&case.replace("loopback/", "http/")), "there is no {case}");
            }
        }
    }
}
