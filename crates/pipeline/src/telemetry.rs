//! The front door: layers for every stack, and an orderly end.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::sync::oneshot;
use tower_telemetry_core::{Authority, ObserveLayer};
use tower_telemetry_log::{JsonLayer, LogContext, NonBlocking};
use tower_telemetry_metrics::{Metrics, Store};
use tower_telemetry_request_id::RequestIds;
use tower_telemetry_trace::Trace;

use crate::admin::{Readiness, Ready};
use crate::background::Background;
use crate::builder::TelemetryBuilder;
use crate::error::InitError;
use crate::log_writer::LogWriter;
use crate::loki::LokiPush;
use crate::otlp_logs::LogExport;
use crate::otlp_metrics::Push;
use crate::otlp_spans::SpanExport;
use crate::traces::Owner;

/// How long a shutdown waits for a disk or a pipe that takes log lines.
const LINES_PATIENCE: Duration = Duration::from_secs(5);

/// The four windows, in the order in which they start.
pub type Windows = (RequestIds, Trace<SdkTracer>, LogContext, Metrics);

/// The layer that writes log lines, for a subscriber of one's own.
pub type LogLayer = JsonLayer<LogWriter>;

/// Telemetry, set up: a handle that is cheap to clone.
///
/// Dropping it stops nothing: layers go on, and what was not exported is lost at the end of the
/// process. Call [`shutdown`](Self::shutdown) when the servers have drained.
#[derive(Clone)]
pub struct Telemetry {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) server: ObserveLayer<Windows>,
    pub(crate) client: ObserveLayer<Windows>,
    pub(crate) windows: Windows,
    pub(crate) store: Store,
    pub(crate) provider: SdkTracerProvider,
    pub(crate) log_layer: LogLayer,
    #[cfg_attr(not(feature = "otlp"), allow(dead_code, reason = "there is none"))]
    pub(crate) log_export: Option<LogExport>,
    pub(crate) admin: Option<SocketAddr>,
    pub(crate) ready: Ready,
    pub(crate) running: Mutex<Option<Running>>,
}

/// What a shutdown ends.
pub(crate) struct Running {
    pub(crate) spans: Option<SpanExport>,
    /// Whose the provider is.
    pub(crate) owner: Owner,
    pub(crate) push: Option<Push>,
    pub(crate) logs: Option<LogExport>,
    pub(crate) background: Background,
    pub(crate) lines: Option<NonBlocking>,
    pub(crate) loki: Option<LokiPush>,
}

impl Telemetry {
    /// Sets everything up for the service of this name: log lines on standard output, `/metrics` on
    /// 127.0.0.1:9464, spans to the collector of the environment, if it names one.
    ///
    /// # Errors
    /// As [`TelemetryBuilder::init`].
    pub fn init(name: impl Into<String>) -> Result<Self, InitError> {
        Self::builder(name).init()
    }

    /// Telemetry for the service of this name, with a change of mind.
    pub fn builder(name: impl Into<String>) -> TelemetryBuilder {
        TelemetryBuilder::new(name.into())
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// The layer of an axum server, for `Router::layer`: [`http_server`](Self::http_server) with axum's own body.
    #[cfg(feature = "axum")]
    #[must_use]
    pub fn axum_server(&self) -> ObserveLayer<Windows, tower_telemetry_core::AxumBody> {
        self.http_server().for_axum()
    }

    /// The layer of an HTTP server: a `ServiceBuilder`, a hyper service, axum's `Router::layer`.
    #[must_use]
    pub fn http_server(&self) -> ObserveLayer<Windows> {
        self.shared.server.clone()
    }

    /// The layer of a gRPC server: tonic's `Server::layer`.
    ///
    /// It is the HTTP server's: the protocol is told by each request. Both know the same methods.
    #[must_use]
    pub fn grpc_server(&self) -> ObserveLayer<Windows> {
        self.shared.server.clone()
    }

    /// The layer of an HTTP client: around hyper-util's client, below a retry.
    #[must_use]
    pub fn http_client(&self) -> ObserveLayer<Windows> {
        self.shared.client.clone()
    }

    /// The layer of a gRPC client: around tonic's `Channel`.
    ///
    /// A channel adds its origin below any layer, so the target is told here.
    #[must_use]
    pub fn grpc_client(&self, target: Authority) -> ObserveLayer<Windows> {
        self.shared.client.clone().with_server(target)
    }

    /// Observes a whole router from outside, and still knows its routes.
    ///
    /// Cheaper than `Router::layer`, and it sees what the router answers by itself. A router that
    /// is nested as a service wants [`RouteLayer::matched`](tower_telemetry_core::RouteLayer::matched)
    /// as its own `route_layer`.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # let telemetry = tower_telemetry_pipeline::Telemetry::init("orders")?;
    /// let app = axum::Router::new().route("/users/{id}", axum::routing::get(|| async { "hi" }));
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// axum::serve(listener, telemetry.around(app)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "axum")]
    #[must_use]
    pub fn around(&self, router: axum::Router) -> crate::Around<Windows> {
        crate::around(router, &self.http_server())
    }

    /// The four windows as one signal, to be composed with others.
    #[must_use]
    pub fn windows(&self) -> Windows {
        self.shared.windows.clone()
    }

    /// The metric store: for metrics of one's own, and for tests.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// The provider of spans: for spans of one's own.
    #[must_use]
    pub fn tracer_provider(&self) -> &SdkTracerProvider {
        &self.shared.provider
    }

    /// The layer that writes log lines, for a subscriber of one's own.
    #[must_use]
    pub fn log_layer(&self) -> LogLayer {
        self.shared.log_layer.clone()
    }

    /// The layer that exports log records over OTLP, for a subscriber of one's own; none where the environment names no
    /// collector for them.
    ///
    /// ```
    /// # async fn run() -> Result<(), tower_telemetry_pipeline::InitError> {
    /// use tower_telemetry_pipeline::Telemetry;
    /// use tracing_subscriber::prelude::*;
    ///
    /// let telemetry = Telemetry::builder("orders").without_admin().without_subscriber().init()?;
    /// let subscriber =
    ///     tracing_subscriber::registry().with(telemetry.log_layer()).with(telemetry.otlp_log_layer());
    /// # let _ = subscriber;
    /// # telemetry.shutdown().await;
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
    /// ```
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn otlp_log_layer(&self) -> Option<crate::OtlpLogLayer> {
        self.shared.log_export.as_ref().map(LogExport::layer)
    }

    /// Says whether the service wants requests: what `/readyz` answers. It is ready from the start.
    ///
    /// Say [`Readiness::NotReady`] first when the service is to end, so that balancers look elsewhere while it drains.
    pub fn set_readiness(&self, readiness: Readiness) {
        self.shared.ready.say(readiness);
    }

    /// Where `/metrics`, `/healthz` and `/readyz` answer, if they do.
    #[must_use]
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.shared.admin
    }

    /// Flushes what is buffered and stops the telemetry thread. A second call does nothing.
    ///
    /// Call it when the servers have drained: an exchange that ends later is counted, but its span
    /// is not exported. It waits without blocking the runtime, on any kind of runtime.
    pub async fn shutdown(&self) {
        self.set_readiness(Readiness::NotReady);
        let running = self.shared.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Running { spans, owner, push, logs, background, lines, loki }) = running else { return };
        let provider = self.shared.provider.clone();
        let (done, finished) = oneshot::channel();
        // The flush blocks, and on a runtime of one thread it would wait for itself.
        let flush = std::thread::Builder::new().name("tower-telemetry-flush".into()).spawn(move || {
            // At once, for each may wait for a collector that is away. The spans before the provider, which would end
            // processors of others in front of it: a span that those see until then is counted here.
            std::thread::scope(|scope| {
                if let Some(logs) = &logs {
                    let beside = std::thread::Builder::new().spawn_scoped(scope, || logs.finish());
                    // Without a thread, one after the other.
                    beside.map(drop).unwrap_or_else(|_| logs.finish());
                }
                if let Some(spans) = spans {
                    spans.finish();
                }
            });
            let ended = match owner {
                Owner::Telemetry => provider.shutdown(),
                // Others may make spans by it still.
                Owner::Program => provider.force_flush(),
            };
            if let Err(error) = ended {
                tracing::warn!(target: "tower_telemetry", error = %error, "spans may be lost");
            }
            // After both: what they count at their end is told, too.
            if let Some(push) = push {
                push.finish();
            }
            background.stop();
            // The last of all: what went wrong before is told by lines.
            if let Some(loki) = loki {
                loki.finish();
            }
            if let Some(lines) = lines {
                let _ = lines.flush(LINES_PATIENCE);
            }
            let _ = done.send(());
        });
        if flush.is_ok() {
            let _ = finished.await;
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("admin", &self.shared.admin).finish_non_exhaustive()
    }
}
