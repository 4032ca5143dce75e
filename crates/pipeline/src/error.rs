//! What can go wrong when telemetry is set up; nothing can, after that.

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

/// Why telemetry could not be set up. The message says what to change.
#[derive(Debug)]
#[non_exhaustive]
pub enum InitError {
    /// The admin listener could not have its address.
    Admin {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The admin listener could be reached from other machines, and nothing guards it.
    PublicAdmin {
        /// The address that was asked for.
        addr: SocketAddr,
    },
    /// The token of the admin listener is empty, or has characters that no header can carry.
    AdminToken,
    /// A subscriber of `tracing` is installed already, or telemetry is set up twice.
    Subscriber,
    /// The directives of `RUST_LOG`, or of the code, cannot be understood.
    LogFilter {
        /// The directives.
        directives: String,
        /// Which of them, and why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Two choices of the builder contradict each other.
    Conflict {
        /// One of them, as it is written.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// What to do instead.
        advice: &'static str,
    },
    /// An environment variable cannot be understood.
    Environment {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What would be understood.
        expected: &'static str,
    },
    /// The thread that serves `/metrics` and exports could not be started.
    Background(std::io::Error),
    /// A descriptor set of gRPC services cannot be read.
    Descriptors(Box<dyn Error + Send + Sync>),
    /// An exporter cannot be made.
    Exporter(Box<dyn Error + Send + Sync>),
    /// Log lines cannot go to Loki as asked.
    #[cfg(feature = "loki")]
    Loki(crate::LokiError),
    /// The metric store refuses a name of the window.
    Metrics(tower_telemetry_metrics::RegisterError),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin { addr, source } if source.kind() == std::io::ErrorKind::AddrInUse => write!(
                f,
                "the admin address {addr} is in use: set OTEL_EXPORTER_PROMETHEUS_PORT, or choose another with \
                 with_admin_addr, or serve no metrics with without_admin"
            ),
            Self::Admin { addr, .. } => write!(f, "the admin address {addr} cannot be listened on"),
            Self::PublicAdmin { addr } => write!(
                f,
                "the admin address {addr} can be reached from other machines: give it a token by with_admin_token or \
                 TOWER_TELEMETRY_ADMIN_TOKEN, or say by with_open_admin or TOWER_TELEMETRY_ADMIN_OPEN=true that all \
                 may read it"
            ),
            Self::AdminToken => f.write_str(
                "the token of the admin listener cannot be used: it wants to be of visible ASCII characters, without \
                 spaces",
            ),
            Self::Subscriber => f.write_str(
                "a tracing subscriber is installed already: set telemetry up once, or beside a subscriber of your own \
                 call without_subscriber() and add telemetry.log_layer() to that one",
            ),
            Self::LogFilter { directives, .. } => write!(
                f,
                "the log filter {directives:?} cannot be understood: it wants directives such as `info` or \
                 `info,my_crate=debug`"
            ),
            Self::Conflict { first, second, advice } => {
                write!(f, "{first} and {second} contradict each other: {advice}")
            }
            Self::Environment { variable, value, expected } => {
                write!(f, "{variable}={value:?} cannot be understood: it wants {expected}")
            }
            Self::Background(_) => f.write_str("the telemetry thread could not be started"),
            Self::Descriptors(_) => f.write_str("the descriptor set of gRPC services cannot be read"),
            Self::Exporter(_) => f.write_str("the exporter cannot be made"),
            #[cfg(feature = "loki")]
            Self::Loki(error) => write!(f, "log lines cannot go to Loki: {error}"),
            Self::Metrics(_) => f.write_str("the metric store refuses a name of the metrics window"),
        }
    }
}

impl Error for InitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Admin { source, .. } | Self::Background(source) => Some(source),
            Self::Descriptors(source) | Self::Exporter(source) | Self::LogFilter { source, .. } => {
                Some(&**source)
            }
            #[cfg(feature = "loki")]
            Self::Loki(error) => error.source(),
            Self::Metrics(source) => Some(source),
            Self::PublicAdmin { .. }
            | Self::AdminToken
            | Self::Subscriber
            | Self::Conflict { .. }
            | Self::Environment { .. } => None,
        }
    }
}

#[cfg(feature = "loki")]
impl From<crate::LokiError> for InitError {
    fn from(error: crate::LokiError) -> Self {
        Self::Loki(error)
    }
}
