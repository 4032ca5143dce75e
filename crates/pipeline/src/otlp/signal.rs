//! The signals that are exported, and what each is called.

/// A signal of OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Signal {
    Metrics,
    Traces,
    Logs,
}

/// A setting that all signals share and each may have for itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    pub(crate) all: &'static str,
    metrics: &'static str,
    traces: &'static str,
    logs: &'static str,
}

macro_rules! variable {
    ($setting:literal) => {
        Variable {
            all: concat!("OTEL_EXPORTER_OTLP_", $setting),
            metrics: concat!("OTEL_EXPORTER_OTLP_METRICS_", $setting),
            traces: concat!("OTEL_EXPORTER_OTLP_TRACES_", $setting),
            logs: concat!("OTEL_EXPORTER_OTLP_LOGS_", $setting),
        }
    };
}

impl Variable {
    pub(crate) const ENDPOINT: Self = variable!("ENDPOINT");
    pub(crate) const PROTOCOL: Self = variable!("PROTOCOL");
    pub(crate) const HEADERS: Self = variable!("HEADERS");
    pub(crate) const TIMEOUT: Self = variable!("TIMEOUT");
    pub(crate) const COMPRESSION: Self = variable!("COMPRESSION");
    pub(crate) const INSECURE: Self = variable!("INSECURE");
    pub(crate) const CERTIFICATE: Self = variable!("CERTIFICATE");
    pub(crate) const CLIENT_KEY: Self = variable!("CLIENT_KEY");
    pub(crate) const CLIENT_CERTIFICATE: Self = variable!("CLIENT_CERTIFICATE");

    /// The signal's own variable, which wins, and that of all signals.
    pub(crate) const fn of(self, signal: Signal) -> [&'static str; 2] {
        match signal {
            Signal::Metrics => [self.metrics, self.all],
            Signal::Traces => [self.traces, self.all],
            Signal::Logs => [self.logs, self.all],
        }
    }
}

impl Signal {
    /// As a label says it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Traces => "traces",
            Self::Logs => "logs",
        }
    }

    /// The list of exporters that is wanted.
    pub(crate) const fn exporter(self) -> &'static str {
        match self {
            Self::Metrics => "OTEL_METRICS_EXPORTER",
            Self::Traces => "OTEL_TRACES_EXPORTER",
            Self::Logs => "OTEL_LOGS_EXPORTER",
        }
    }

    /// Below the address of all signals, over HTTP.
    pub(crate) const fn http_path(self) -> &'static str {
        match self {
            Self::Metrics => "v1/metrics",
            Self::Traces => "v1/traces",
            Self::Logs => "v1/logs",
        }
    }

    /// The gRPC method.
    pub(crate) const fn grpc_path(self) -> &'static str {
        match self {
            Self::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
            Self::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            Self::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        }
    }
}
