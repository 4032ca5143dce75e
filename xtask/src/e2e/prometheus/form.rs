//! How Prometheus takes histograms.

/// What a server is told to take, and so which format it asks the shop for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Buckets with bounds, in OpenMetrics.
    Classic,
    /// Exponential buckets, in protobuf.
    Native,
}

impl Form {
    pub(crate) const ALL: [Self; 2] = [Self::Classic, Self::Native];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Native => "native",
        }
    }

    /// The value of `--enable-feature`.
    pub(crate) fn features(self) -> &'static str {
        match self {
            Self::Classic => "exemplar-storage",
            Self::Native => "exemplar-storage,native-histograms",
        }
    }

    /// The `Accept` header of Prometheus 2.42 with these features (`scrape/scrape.go`).
    pub(crate) fn accept(self) -> &'static str {
        match self {
            Self::Classic => {
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            }
            Self::Native => {
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            }
        }
    }

    /// What the answer to that has to be: the others carry no exemplars, or no native histograms.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Classic => "application/openmetrics-text",
            Self::Native => "application/vnd.google.protobuf",
        }
    }
}
