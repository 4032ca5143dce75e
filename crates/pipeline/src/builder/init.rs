//! The set-up: what was chosen, put together.

use std::sync::Mutex;

use opentelemetry_sdk::trace::SpanProcessor;
use tower_telemetry_core::{ObserveLayer, Side, method};
use tower_telemetry_log::{JsonLayer, LogContext};
use tower_telemetry_metrics::Metrics as MetricsWindow;
use tower_telemetry_request_id::RequestIds;
use tower_telemetry_trace::active_span;
use tracing::Dispatch;

use crate::background::Background;
use crate::builder::TelemetryBuilder;
use crate::builder::announce::{self, InForce};
use crate::builder::calls::Calls;
use crate::builder::logs::{Logs, Subscriber};
use crate::builder::metrics::Metrics;
use crate::builder::once;
use crate::builder::traces::Traces;
use crate::error::InitError;
use crate::loki::LokiPush;
use crate::otlp_logs::LogExport;
use crate::otlp_metrics::Push;
use crate::otlp_spans::SpanExport;
use crate::resource::Told;
use crate::settings::Environment;
use crate::telemetry::{Running, Shared, Telemetry};
use crate::traces::Owner;
use crate::{collectors, loki, otlp_logs, otlp_metrics, otlp_spans, refusals, resource, subscriber, traces};

impl TelemetryBuilder {
    /// Sets telemetry up.
    ///
    /// # Errors
    /// An address is taken, a subscriber is installed already, a variable of the environment makes
    /// no sense: the message says what to change. Then nothing is set up.
    pub fn init(self) -> Result<Telemetry, InitError> {
        self.init_in(Environment::process())
    }

    pub(crate) fn init_in(self, environment: Environment) -> Result<Telemetry, InitError> {
        self.set_up(environment).map(|(telemetry, _)| telemetry)
    }

    /// Sets telemetry up with a subscriber that is nobody's yet, if it is to make one.
    #[cfg(feature = "testing")]
    pub(crate) fn init_apart(mut self, environment: Environment) -> Result<(Telemetry, Dispatch), InitError> {
        self.logs.subscriber = Subscriber::Lend;
        let (telemetry, subscriber) = self.set_up(environment)?;
        Ok((telemetry, subscriber.unwrap_or_default()))
    }

    fn set_up(self, environment: Environment) -> Result<(Telemetry, Option<Dispatch>), InitError> {
        self.contradiction()?;
        if self.logs.subscriber == Subscriber::Install {
            once::first()?;
        }
        let Self { about, calls, metrics, traces, logs, admin } = self;
        let Calls { trust, propagation, methods, choose_ids } = calls;
        let propagation = environment.propagation(propagation)?;
        let admin = admin.open(environment)?;
        let Told { resource, name, unread } = about.resource(environment);
        let Metrics { store, choose } = metrics;
        let metrics = choose(MetricsWindow::builder().with_store(store.clone()));
        let metrics = metrics.build().map_err(InitError::Metrics)?;
        let background = Background::start()?;
        let push = otlp_metrics::start(environment, &resource, &store, &background)?;
        let log_export = otlp_logs::start(environment, &resource, &store, &background)?;
        let Traces { provider, naming, choose, mut processors, sampling, inner } = traces;
        let owner = if provider.is_some() { Owner::Program } else { Owner::Telemetry };
        let spans = match owner {
            Owner::Telemetry => otlp_spans::start(environment, &store, &background)?,
            Owner::Program => None,
        };
        // Behind those of the user.
        processors.extend(spans.clone().map(|export| Box::new(export) as Box<dyn SpanProcessor>));
        let traces = match provider {
            Some(provider) => traces::of_program(environment, provider),
            None => traces::start(environment, resource.clone(), sampling, inner, &store, processors)?,
        };
        let Logs { subscriber, lines, format, access, filter, loki } = logs;
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
        let lent = match subscriber {
            Subscriber::LeaveAlone => None,
            wanted => {
                let export = log_export.as_ref().map(LogExport::layer);
                let made = subscriber::make(environment, filter, log_layer.clone(), export)?;
                if wanted == Subscriber::Install {
                    subscriber::install(made.clone())?;
                    once::done();
                }
                Some(made)
            }
        };
        if let Some(methods) = environment.known_methods() {
            // A second set-up in one process finds the list of the first.
            let _ = method::replace_known(methods);
        }
        resource::tell(&resource, &store);
        collectors::tell(&store, &background);
        let windows = (
            choose_ids(RequestIds::new().with_trust(trust.clone())),
            choose(traces.window().with_trust(trust).with_propagation(propagation).with_naming(naming)),
            LogContext::new().with_rules(access),
            metrics,
        );
        refusals::tell(&windows, &log_layer, lines.as_ref(), &store);
        let (addr, ready) = (admin.addr, admin.ready.clone());
        admin.serve(&store, &background);
        let traces_to = match owner {
            Owner::Telemetry => spans.as_ref().map(SpanExport::destination),
            Owner::Program => Some("the program's own provider"),
        };
        let metrics_to = push.as_ref().map(Push::destination);
        let logs_to = log_export.as_ref().map(LogExport::destination);
        announce::in_force(&InForce {
            admin: addr,
            metrics_to,
            traces_to,
            logs_to,
            lines_to: loki.as_ref().map(LokiPush::destination),
            sampler: &traces.sampler,
        });
        announce::unheard(unread.as_ref(), otlp_spans::unheard(environment), loki::unheard(environment));
        let telemetry = Telemetry::new(Shared {
            server: ObserveLayer::new(Side::Server, windows.clone()).with_grpc_methods(methods),
            client: ObserveLayer::new(Side::Client, windows.clone()),
            windows,
            store,
            provider: traces.provider,
            log_layer,
            log_export: log_export.clone(),
            admin: addr,
            ready,
            running: Mutex::new(Some(Running {
                spans,
                owner,
                push,
                logs: log_export,
                background,
                lines,
                loki,
            })),
        });
        Ok((telemetry, lent))
    }
}
