//! What can be chosen when telemetry is set up.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;

use opentelemetry_sdk::trace::{SdkTracer, SpanProcessor};
use tower_telemetry_core::{ObserveLayer, Side, Trust, TrustPolicy, method};
use tower_telemetry_log::{AccessRules, JsonLayer, LogContext, NonBlocking};
use tower_telemetry_metrics::{Metrics, MetricsBuilder, Store, expose};
use tower_telemetry_request_id::RequestIds;
use tower_telemetry_trace::{Decide, Destinations, Propagation, SpanNaming, Trace, active_span};
use tracing_subscriber::fmt::MakeWriter;

use crate::admin::{self, Readiness};
use crate::background::Background;
use crate::error::InitError;
use crate::log_format::LogFormat;
use crate::log_writer::{Lines, LogWriter};
use crate::settings::Environment;
use crate::telemetry::{Running, Shared, Telemetry};
use crate::traces::{InnerSpans, Sampling};
use crate::{collectors, loki, otlp_metrics, otlp_spans, peer, refusals, resource, subscriber, traces};

type Choose = Box<dyn FnOnce(MetricsBuilder) -> MetricsBuilder + Send>;
type ChooseTrace = Box<dyn FnOnce(Trace<SdkTracer>) -> Trace<SdkTracer> + Send>;

/// Sets telemetry up; made by [`Telemetry::builder`].
#[must_use = "nothing is set up before `init`"]
pub struct TelemetryBuilder {
    name: String,
    trust: TrustPolicy,
    propagation: Propagation,
    naming: SpanNaming,
    trace: ChooseTrace,
    store: Store,
    metrics: Choose,
    admin: Admin,
    site: Pages,
    subscriber: Subscriber,
    lines: Lines,
    format: LogFormat,
    access: AccessRules,
    filter: String,
    processors: Vec<Box<dyn SpanProcessor>>,
    sampling: Option<Sampling>,
    inner: Option<InnerSpans>,
    rpc_methods: Vec<&'static str>,
    pub(crate) loki: loki::Choice,
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
            trust: TrustPolicy::default(),
            propagation: Propagation::default(),
            naming: SpanNaming::default(),
            trace: Box::new(|trace| trace.with_peer(peer::of_hyper)),
            store: Store::new(),
            metrics: Box::new(MetricsBuilder::with_extremes),
            admin: Admin::Default,
            site: Pages::default(),
            subscriber: Subscriber::Install,
            lines: Lines::Stdout,
            format: LogFormat::default(),
            access: AccessRules::default(),
            filter: "info".into(),
            processors: Vec::new(),
            sampling: None,
            inner: None,
            rpc_methods: Vec::new(),
            loki: loki::Choice::default(),
        }
    }

    /// Callers are strangers: a new trace is linked to theirs, their sampling decision is not
    /// obeyed, their baggage is dropped, and their request id is kept apart.
    pub fn public(self) -> Self {
        self.with_trust(Trust::Link)
    }

    /// Believes callers in this way, all alike or each by its request: a [`Trust`], or a
    /// [`TrustPolicy::by`].
    pub fn with_trust(mut self, trust: impl Into<TrustPolicy>) -> Self {
        self.trust = trust.into();
        self
    }

    /// Reads and writes context in these formats, for these servers; `OTEL_PROPAGATORS` chooses the
    /// formats where it is set.
    pub fn with_propagation(mut self, propagation: Propagation) -> Self {
        self.propagation = propagation;
        self
    }

    /// Tells context and baggage to these servers alone; see [`Destinations::hosts`].
    pub fn with_allowed_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.propagation = self.propagation.with_destinations(Destinations::hosts(hosts));
        self
    }

    /// Names spans in this way.
    pub fn with_span_naming(mut self, naming: SpanNaming) -> Self {
        self.naming = naming;
        self
    }

    /// Chooses what spans tell beside what the conventions recommend, and how they end.
    ///
    /// ```
    /// use tower_telemetry_pipeline::Telemetry;
    /// use tower_telemetry_trace::{Capture, StreamSpans};
    ///
    /// # fn main() -> Result<(), tower_telemetry_trace::CaptureError> {
    /// let tenant = Capture::new().request(["x-tenant"])?;
    /// let builder = Telemetry::builder("orders").with_trace(|trace| {
    ///     trace.with_captured_headers(tenant).with_streams(StreamSpans::Head { routes: &["/export"] })
    /// });
    /// # let _ = builder;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_trace(
        mut self,
        choose: impl FnOnce(Trace<SdkTracer>) -> Trace<SdkTracer> + Send + 'static,
    ) -> Self {
        let before = self.trace;
        self.trace = Box::new(move |trace| choose(before(trace)));
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
        self.lines = Lines::To(LogWriter::new(writer));
        self
    }

    /// Writes log lines on a thread of their own, in place of standard output; [`Telemetry::shutdown`] waits for it.
    ///
    /// Lines that it has no room for, or fails to write, are counted as `tower_telemetry.log.lines.lost`.
    ///
    /// ```
    /// use tower_telemetry_log::NonBlocking;
    /// use tower_telemetry_pipeline::Telemetry;
    ///
    /// let builder = Telemetry::builder("orders").with_background_log(NonBlocking::new(std::io::stdout())?);
    /// # let _ = builder;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn with_background_log(mut self, lines: NonBlocking) -> Self {
        self.lines = Lines::InBackground(lines);
        self
    }

    /// Writes log lines in this format; by default for people on a terminal, else as JSON.
    pub fn with_log_format(mut self, format: LogFormat) -> Self {
        self.format = format;
        self
    }

    /// Tells exchanges on access lines by these rules; by default all, but of cancelled ones 100 in a second.
    pub fn with_access_rules(mut self, rules: AccessRules) -> Self {
        self.access = rules;
        self
    }

    /// Writes the lines of these directives where `RUST_LOG` says nothing; `info` by default.
    pub fn with_log_filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = directives.into();
        self
    }

    /// Gives finished spans to this processor, besides the exporter.
    ///
    /// A span that is kept at the end of its exchange has no start to be told: `on_end` alone is called.
    pub fn with_span_processor(mut self, processor: impl SpanProcessor + 'static) -> Self {
        self.processors.push(Box::new(processor));
        self
    }

    /// Decides about traces in this way, where `OTEL_TRACES_SAMPLER` says nothing.
    ///
    /// Its text stands on the start line.
    pub fn with_sampling(mut self, sampler: impl Decide + fmt::Display) -> Self {
        self.sampling = Some(Sampling::of(sampler));
        self
    }

    /// Keeps the spans that the program makes within a request until its end decides, where a sampler has it decide.
    ///
    /// Without this they are missing from a request that is kept at its end, which has its own span and those of its
    /// calls. With it they are recorded unsampled, and wait in a buffer: what is kept is exported as a yes at the head
    /// would have it, but for what found no room, which `tower_telemetry.inner_spans.dropped` counts. A span that ends
    /// after its request shares its fate. Span processors are told the start of each, and the end of what is kept.
    ///
    /// It costs what recording costs, for every request that waits.
    ///
    /// ```
    /// use tower_telemetry_pipeline::{InnerSpans, Telemetry};
    ///
    /// let builder = Telemetry::builder("orders").with_buffered_inner_spans(InnerSpans::default());
    /// # let _ = builder;
    /// ```
    pub fn with_buffered_inner_spans(mut self, inner: InnerSpans) -> Self {
        self.inner = Some(inner);
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
            propagation,
            naming,
            trace,
            store,
            metrics,
            admin,
            site,
            subscriber,
            lines,
            format,
            access,
            filter,
            mut processors,
            sampling,
            inner,
            rpc_methods,
            loki,
        } = self;
        if let Some(methods) = environment.known_methods() {
            // A second set-up in one process finds the list of the first.
            let _ = method::replace_known(methods);
        }
        let propagation = environment.propagation(propagation)?;
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
        // Behind those of the user.
        processors.extend(spans.clone().map(|export| Box::new(export) as Box<dyn SpanProcessor>));
        let traces = traces::start(environment, resource.clone(), sampling, inner, &store, processors)?;
        let loki = loki::start(environment, loki, &resource, &store)?;
        let log_layer = JsonLayer::new(lines.writer())
            .with_service_name(&name)
            .with_format(format.choose(environment, lines.place()))
            .with_active_span(active_span);
        let log_layer = match &loki {
            Some(loki) => log_layer.with_sink(loki.sink()),
            None => log_layer,
        };
        let lines = lines.background();
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
            RequestIds::new().with_trust(trust.clone()),
            trace(traces.window().with_trust(trust).with_propagation(propagation).with_naming(naming)),
            LogContext::new().with_rules(access),
            metrics,
        );
        refusals::tell(&windows, &log_layer, lines.as_ref(), &store);
        announce(admin, push.as_ref(), spans.as_ref(), loki.as_ref(), &traces.sampler);
        if let Some(variable) = otlp_spans::unheard(environment) {
            tracing::warn!(
                target: "tower_telemetry",
                variable,
                "nothing is exported: the program was built without the feature `otlp`"
            );
        }
        if let Some(variable) = loki::unheard(environment) {
            tracing::warn!(
                target: "tower_telemetry",
                variable,
                "lines go to no Loki: the program was built without the feature `loki`"
            );
        }
        Ok(Telemetry::new(Shared {
            server: ObserveLayer::new(Side::Server, windows.clone()).with_grpc_methods(rpc_methods),
            client: ObserveLayer::new(Side::Client, windows.clone()),
            windows,
            store,
            provider: traces.provider,
            log_layer,
            admin,
            ready,
            running: Mutex::new(Some(Running { spans, push, background, lines, loki })),
        }))
    }
}

/// One line at the start says what is in force.
fn announce(
    admin: Option<SocketAddr>,
    push: Option<&otlp_metrics::Push>,
    spans: Option<&otlp_spans::SpanExport>,
    loki: Option<&loki::LokiPush>,
    sampler: &str,
) {
    tracing::info!(
        target: "tower_telemetry",
        metrics = admin.map(|addr| tracing::field::display(format!("http://{addr}/metrics"))),
        metrics_to = push.map_or("none", otlp_metrics::Push::destination),
        traces = spans.map_or("none", otlp_spans::SpanExport::destination),
        logs = loki.map(loki::LokiPush::destination),
        sampler,
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
