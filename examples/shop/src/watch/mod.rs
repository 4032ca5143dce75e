//! How the shop is watched: one set-up, a layer for each stack, and a ledger that compares what the windows said.

mod feed;
mod lines;
mod spans;
mod undecided;
mod verdict;
mod witness;

use std::{net::SocketAddr, time::Duration};

use http::Uri;
use opentelemetry_sdk::trace::SdkTracer;
use tokio::time::{Instant, sleep};
use tower_telemetry::{
    Authority, InitError, ObserveLayer, Telemetry, TelemetryBuilder, Trust, Windows,
    log::ACCESS_TARGET,
    metrics::{Bounds, Buckets, Native, Store},
    runtime::Pool,
    trace::{
        Capture, Peers,
        sampling::{Head, Rules, Sampler},
    },
};
use tower_telemetry_testing::{Ledger, Source};

pub(crate) use self::feed::Feed;
use self::{lines::Lines, spans::Spans, undecided::Undecided, witness::Witness};
use crate::{
    AnyError,
    cli::{Args, Callers, Output, Sampling},
    listen,
    part::Part,
    proto,
    shipping::{Dock, JobQueue, Report},
    visit,
};

/// The ledger stands around all windows: it speaks last.
type Signal = (Ledger, Witness, Windows);
pub(crate) type ServerLayer = ObserveLayer<Signal>;
pub(crate) type ClientLayer = ObserveLayer<Signal>;

/// The spans of the work that goes on behind the queue.
pub(crate) type WorkSpans = tower_telemetry::Spans<SdkTracer>;

/// Exchanges that the ledger keeps open: far more than the traffic has.
const CAPACITY: usize = 20_000;

/// How long to wait for the last exchanges once everything has closed.
const SETTLE: Duration = Duration::from_secs(5);

/// The shop's telemetry, and those who check it.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    telemetry: Telemetry,
    ledger: Ledger,
    feed: Feed,
    undecided: Undecided,
}

impl Watch {
    /// Sets telemetry up, once for all services of the process.
    ///
    /// # Errors
    /// When the admin address is taken, or the environment makes no sense.
    pub(crate) fn set_up(args: &Args) -> Result<Self, AnyError> {
        let ledger = Ledger::new(CAPACITY);
        let lines = match args.output() {
            Output::Plain => Lines::to_stdout(ledger.clone()),
            Output::View => Lines::unseen(ledger.clone()),
        };
        let neighbours = [args.gateway, args.inventory, args.shipping, args.carrier()];
        let name = args.part.map_or("shop", Part::service_name);
        let captured = Capture::new().request([visit::HEADER])?;
        let telemetry = sampled(Telemetry::builder(name), args.sampling)
            .with_admin_addr(args.admin())
            // A neighbour that keeps its part of a trace says so: then this process keeps its own.
            .with_trace(move |trace| {
                let neighbours = neighbours.map(|address| address.ip().to_string());
                trace.with_hints_from(Peers::hosts(neighbours)).with_captured_headers(captured)
            })
            // All that can be recorded, in buckets of both kinds: it is a shop to look at.
            .with_metrics(|metrics| {
                let buckets = Buckets::Both(Bounds::default(), Native::default());
                metrics.with_buckets(buckets).with_body_sizes().with_head_times()
            })
            .with_grpc_descriptors(proto::FILE_DESCRIPTOR_SET)?
            .with_log_filter(format!("info,{ACCESS_TARGET}=debug"))
            .with_log_writer(lines)
            .with_span_processor(Spans::new(ledger.clone()))
            .init()
            .map_err(in_the_terms_of_the_shop)?;
        let mut expected = vec![Source::Outcome, Source::Span, Source::Header];
        // RUST_LOG may keep the lines back: then they are not missed.
        if tracing::enabled!(target: ACCESS_TARGET, tracing::Level::DEBUG) {
            expected.push(Source::Log);
        }
        Ok(Self::of(telemetry, ledger.expecting(expected)))
    }

    fn of(telemetry: Telemetry, ledger: Ledger) -> Self {
        Self { telemetry, ledger, feed: Feed::default(), undecided: Undecided::default() }
    }

    /// A queue, its workers and their dock, watched.
    ///
    /// # Errors
    /// When the metric store holds other metrics under the names of the queue's.
    pub(crate) fn job_queue(&self, report: Report) -> Result<JobQueue, AnyError> {
        let pool = Pool::register(self.store(), "shipping")?;
        let spans = WorkSpans::with_tracer_provider(self.telemetry.tracer_provider());
        Ok(JobQueue::before(Dock::new(spans, report), pool))
    }

    /// The layer of a server whose callers are its neighbours.
    pub(crate) fn server(&self) -> ServerLayer {
        self.beside(self.telemetry.grpc_server(), Trust::Parent)
    }

    /// The layer of the server that the shop's own callers meet.
    pub(crate) fn edge(&self, callers: Callers) -> ServerLayer {
        let trust = match callers {
            Callers::Known => Trust::Parent,
            Callers::Strangers => Trust::Link,
        };
        self.beside(self.telemetry.http_server(), trust)
    }

    /// The layer of an HTTP client.
    pub(crate) fn http_client(&self) -> ClientLayer {
        self.beside(self.telemetry.http_client(), Trust::Parent)
    }

    /// The layer of a gRPC client of the server at this address.
    pub(crate) fn grpc_client(&self, target: SocketAddr) -> ClientLayer {
        let layer = self.http_client();
        let target = format!("http://{target}").parse::<Uri>().ok();
        match target.as_ref().and_then(Authority::of) {
            Some(server) => layer.with_server(server),
            None => layer,
        }
    }

    pub(crate) fn store(&self) -> &Store {
        self.telemetry.store()
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.feed
    }

    pub(crate) fn admin(&self) -> Option<SocketAddr> {
        self.telemetry.admin_addr()
    }

    /// Waits for the last exchanges to end, flushes, and says how all went.
    pub(crate) async fn close(self) -> verdict::Verdicts {
        let until = Instant::now() + SETTLE;
        while self.ledger.summary().in_flight() > 0 && Instant::now() < until {
            sleep(Duration::from_millis(10)).await;
        }
        self.telemetry.shutdown().await;
        self.ledger.close();
        verdict::of(&self.ledger.summary(), &self.telemetry.store().snapshot())
    }

    /// The windows, with the witness and the ledger beside them.
    fn beside(&self, layer: ObserveLayer<Windows>, trust: Trust) -> ObserveLayer<Signal> {
        layer.map_signal(|(ids, trace, log, metrics)| {
            let windows = (ids.with_trust(trust), trace.with_trust(trust), log, metrics);
            let Self { ledger, feed, undecided, telemetry: _ } = self.clone();
            (ledger.clone(), Witness { ledger, feed, undecided }, windows)
        })
    }
}

/// The environment beats both; who says nothing has what the front door does by itself.
fn sampled(telemetry: TelemetryBuilder, sampling: Option<Sampling>) -> TelemetryBuilder {
    match sampling {
        None => telemetry,
        Some(Sampling::Full) => telemetry.with_sampling(
            Sampler::builder().root(Head::always_on()).rules(Rules::new()).budget(f64::INFINITY).build(),
        ),
        Some(Sampling::Production) => telemetry.with_sampling(Sampler::production()),
    }
}

/// The shop has a flag for the address that telemetry could not have.
fn in_the_terms_of_the_shop(error: InitError) -> AnyError {
    match error {
        InitError::Admin { addr, source } => listen::ADMIN.refused(addr, source).into(),
        error => error.into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
impl Watch {
    /// Telemetry that listens nowhere and installs nothing.
    pub(crate) fn test() -> Self {
        let telemetry = Telemetry::builder("shop").without_admin().without_subscriber().init().unwrap();
        Self::of(telemetry, Ledger::new(CAPACITY))
    }
}
