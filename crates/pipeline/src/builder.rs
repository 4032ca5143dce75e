//! What can be chosen when telemetry is set up.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;

use opentelemetry_sdk::trace::{SpanProcessor, TracerProviderBuilder};
use tower_telemetry_core::{ObserveLayer, Side, Trust, method};
use tower_telemetry_log::{JsonLayer, LogContext};
use tower_telemetry_metrics::{Metrics, MetricsBuilder, Store, expose};
use tower_telemetry_request_id::RequestIds;
use tower_telemetry_trace::{SpanNaming, Trace};
use tracing_subscriber::fmt::MakeWriter;

use crate::admin::{self, Readiness};
use crate::background::Background;
use crate::error::InitError;
use crate::log_writer::LogWriter;
use crate::settings::Environment;
use crate::telemetry::{Running, Shared, Telemetry};
use crate::{collectors, otlp_metrics, otlp_spans, refusals, resource, subscriber, traces};

type Choose = Box<dyn FnOnce(MetricsBuilder) -> MetricsBuilder + Send>;
type Extend = Box<dyn FnOnce(TracerProviderBuilder) -> TracerProviderBuilder + Send>;

/// Sets telemetry up; made by [`Telemetry::builder`].
#[must_use = "nothing is set up before `init`"]
pub struct TelemetryBuilder {
    name: String,
    trust: Trust,
    naming: SpanNaming,
    store: Store,
    metrics: Choose,
    admin: Admin,
    site: Pages,
    subscriber: Subscriber,
    writer: LogWriter,
    filter: String,
    processors: Extend,
    rpc_methods: Vec<&'static str>,
}

enum Admin {
    Default,
    At(SocketAddr),
    Off,
}

/// What the admin listener tells, and to whom.
#[derive(Default)]
struct Pages {
    token: Option<String>,
    exposure: admin::Exposure,
    names: expose::Names,
    created: expose::Created,
    ready: admin::Ready,
}

#[derive(PartialEq, Eq)]
enum Subscriber {
    Install,
    LeaveAlone,
}

impl TelemetryBuilder {
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            trust: Trust::Parent,
            naming: SpanNaming::default(),
            store: Store::new(),
            metrics: Box::new(MetricsBuilder::with_extremes),
            admin: Admin::Default,
            site: Pages::default(),
            subscriber: Subscriber::Install,
            writer: LogWriter::new(std::io::stdout),
            filter: "info".into(),
            processors: Box::new(|builder| builder),
            rpc_methods: Vec::new(),
        }
    }

    /// Callers are strangers: a new trace is linked to theirs, their sampling decision is not
    /// obeyed, and their request id is kept apart.
    pub fn public(self) -> Self {
        self.with_trust(Trust::Link)
    }

    /// Believes callers in this way.
    pub fn with_trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// Names spans in this way.
    pub fn with_span_naming(mut self, naming: SpanNaming) -> Self {
        self.naming = naming;
        self
    }

    /// Records to this store, which may hold metrics of one's own.
    pub fn with_store(mut self, store: Store) -> Self {
        self.store = store;
        self
    }

    /// Chooses what the metrics window records, and in which buckets.
    ///
    /// ```
    /// use tower_telemetry_metrics::{Bounds, Buckets, Native};
    /// use tower_telemetry_pipeline::Telemetry;
    ///
    /// let builder = Telemetry::builder("orders").with_metrics(|metrics| {
    ///     metrics.with_body_sizes().with_buckets(Buckets::Both(Bounds::default(), Native::default()))
    /// });
    /// # let _ = builder;
    /// ```
    pub fn with_metrics(
        mut self,
        choose: impl FnOnce(MetricsBuilder) -> MetricsBuilder + Send + 'static,
    ) -> Self {
        let before = self.metrics;
        self.metrics = Box::new(move |metrics| choose(before(metrics)));
        self
    }

    /// Serves `/metrics`, `/healthz` and `/readyz` at this address; port 0 takes any free one.
    ///
    /// An address that other machines can reach wants a [token](Self::with_admin_token), or
    /// [`with_open_admin`](Self::with_open_admin).
    pub fn with_admin_addr(mut self, addr: SocketAddr) -> Self {
        self.admin = Admin::At(addr);
        self
    }

    /// Serves nothing.
    pub fn without_admin(mut self) -> Self {
        self.admin = Admin::Off;
        self
    }

    /// Asks for this token, as `Authorization: Bearer`, before it serves anything but `/healthz` and `/readyz`.
    ///
    /// `TOWER_TELEMETRY_ADMIN_TOKEN` in the environment wins over it.
    pub fn with_admin_token(mut self, token: impl Into<String>) -> Self {
        self.site.token = Some(token.into());
        self
    }

    /// Serves everybody who can reach the address, without a token: where a firewall or a mesh is the guard.
    pub fn with_open_admin(mut self) -> Self {
        self.site.exposure = admin::Exposure::Open;
        self
    }

    /// Translates the names on `/metrics` in this way.
    pub fn with_exposed_names(mut self, names: expose::Names) -> Self {
        self.site.names = names;
        self
    }

    /// Has OpenMetrics text tell when series began, or not.
    pub fn with_exposed_created(mut self, created: expose::Created) -> Self {
        self.site.created = created;
        self
    }

    /// Asks this at each `/readyz`, beside what was said by [`Telemetry::set_readiness`].
    ///
    /// It is asked on the telemetry thread, and should not wait for anything.
    ///
    /// ```
    /// use tower_telemetry_pipeline::{Readiness, Telemetry};
    ///
    /// let builder = Telemetry::builder("orders").with_readiness(|| Readiness::Ready);
    /// # let _ = builder;
    /// ```
    pub fn with_readiness(mut self, ask: impl Fn() -> Readiness + Send + Sync + 'static) -> Self {
        self.site.ready = admin::Ready::new(ask);
        self
    }

    /// Installs no subscriber; [`Telemetry::log_layer`] goes into one's own.
    pub fn without_subscriber(mut self) -> Self {
        self.subscriber = Subscriber::LeaveAlone;
        self
    }

    /// Writes log lines there in place of standard output.
    pub fn with_log_writer(mut self, writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) -> Self {
        self.writer = LogWriter::new(writer);
        self
    }

    /// Writes the lines of these directives where `RUST_LOG` says nothing; `info` by default.
    pub fn with_log_filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = directives.into();
        self
    }

    /// Gives finished spans to this processor, besides the exporter.
    pub fn with_span_processor(mut self, processor: impl SpanProcessor + 'static) -> Self {
        let before = self.processors;
        self.processors = Box::new(move |builder| before(builder).with_span_processor(processor));
        self
    }

    /// Declares gRPC methods of this server, each as `package.Service/Method`.
    pub fn with_grpc_methods(mut self, methods: impl IntoIterator<Item = &'static str>) -> Self {
        self.rpc_methods.extend(methods);
        self
    }

    /// Declares the gRPC methods of an encoded `FileDescriptorSet`, as tonic-build writes it.
    ///
    /// # Errors
    /// The bytes are no descriptor set.
    #[cfg(feature = "tonic")]
    pub fn with_grpc_descriptors(mut self, descriptors: &[u8]) -> Result<Self, InitError> {
        self.rpc_methods.extend(crate::rpc::methods_of(descriptors)?);
        Ok(self)
    }

    /// Sets telemetry up.
    ///
    /// # Errors
    /// An address is taken, a subscriber is installed already, a variable of the environment makes
    /// no sense: the message says what to change. Then nothing is set up.
    pub fn init(self) -> Result<Telemetry, InitError> {
        self.init_in(Environment::process())
    }

    pub(crate) fn init_in(self, environment: Environment) -> Result<Telemetry, InitError> {
        let Self {
            name,
            trust,
            naming,
            store,
            metrics,
            admin,
            site,
            subscriber,
            writer,
            filter,
            processors,
            rpc_methods,
        } = self;
        if let Some(methods) = environment.known_methods() {
            // A second set-up in one process finds the list of the first.
            let _ = method::replace_known(methods);
        }
        let Pages { token, exposure, names, created, ready } = site;
        let token = admin::token(environment, token)?;
        let addr = match admin {
            Admin::Default => Some(environment.admin(None)?),
            Admin::At(addr) => Some(environment.admin(Some(addr))?),
            Admin::Off => None,
        };
        if let Some(addr) = addr {
            admin::guard(environment, addr, token.as_ref(), exposure)?;
        }
        let listener = addr.map(bind).transpose()?;
        let name = resource::service_name(environment, name);
        let resource = resource::of_process(name.clone());
        let metrics =
            metrics(Metrics::builder().with_store(store.clone())).build().map_err(InitError::Metrics)?;
        let background = Background::start()?;
        let push = otlp_metrics::start(environment, &resource, &store, &background)?;
        let spans = otlp_spans::start(environment, &store, &background)?;
        let processors = |builder| match &spans {
            Some(export) => processors(builder).with_span_processor(export.clone()),
            None => processors(builder),
        };
        let provider = traces::provider(environment, resource.clone(), processors);
        let log_layer = JsonLayer::new(writer).with_service_name(&name);
        if subscriber == Subscriber::Install {
            subscriber::install(environment, filter, log_layer.clone())?;
        }
        resource::tell(&resource, &store);
        collectors::tell(&store, &background);
        let admin = listener.as_ref().and_then(|listener| listener.local_addr().ok());
        if let Some(listener) = listener {
            let (store, ready, buffers) = (store.clone(), ready.clone(), admin::Buffers::default());
            let parts = admin::Parts { store, names, created, token, ready, buffers };
            background.spawn(admin::serve(listener, admin::Site::new(parts)));
        }
        let windows = (
            RequestIds::new().with_trust(trust),
            Trace::with_tracer_provider(&provider).with_trust(trust).with_naming(naming),
            LogContext::new(),
            metrics,
        );
        refusals::tell(&windows, &log_layer, &store);
        announce(admin, push.as_ref(), spans.as_ref());
        if let Some(variable) = otlp_spans::unheard(environment) {
            tracing::warn!(
                target: "tower_telemetry",
                variable,
                "nothing is exported: the program was built without the feature `otlp`"
            );
        }
        Ok(Telemetry::new(Shared {
            server: ObserveLayer::new(Side::Server, windows.clone()).with_grpc_methods(rpc_methods),
            client: ObserveLayer::new(Side::Client, windows.clone()),
            windows,
            store,
            provider,
            log_layer,
            admin,
            ready,
            running: Mutex::new(Some(Running { spans, push, background })),
        }))
    }
}

/// One line at the start says what is in force.
fn announce(
    admin: Option<SocketAddr>,
    push: Option<&otlp_metrics::Push>,
    spans: Option<&otlp_spans::SpanExport>,
) {
    tracing::info!(
        target: "tower_telemetry",
        metrics = admin.map(|addr| tracing::field::display(format!("http://{addr}/metrics"))),
        metrics_to = push.map_or("none", otlp_metrics::Push::destination),
        traces = spans.map_or("none", otlp_spans::SpanExport::destination),
        "telemetry is set up"
    );
}

fn bind(addr: SocketAddr) -> Result<TcpListener, InitError> {
    let listen = || {
        let listener = TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen().map_err(|source| InitError::Admin { addr, source })
}

impl fmt::Debug for TelemetryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelemetryBuilder").field("name", &self.name).finish_non_exhaustive()
    }
}
