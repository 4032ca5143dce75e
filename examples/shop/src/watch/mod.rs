//! How the shop is watched: one set-up, a layer for each stack, and a ledger that compares what the windows said.

mod feed;
mod lines;
mod spans;
mod verdict;
mod witness;

use std::{net::SocketAddr, time::Duration};

use http::Uri;
use tokio::time::{Instant, sleep};
use tower_telemetry::{
    Authority, InitError, ObserveLayer, Telemetry, Trust, Windows,
    log::ACCESS_TARGET,
    metrics::{Bounds, Buckets, Native, Store},
};
use tower_telemetry_testing::{Ledger, Source};

pub(crate) use self::feed::Feed;
use self::{lines::Lines, spans::Spans, witness::Witness};
use crate::{
    AnyError,
    cli::{Args, Callers, Output},
    listen, proto,
};

/// The ledger stands around all windows: it speaks last.
type Signal = (Ledger, Witness, Windows);
pub(crate) type ServerLayer = ObserveLayer<Signal>;
pub(crate) type ClientLayer = ObserveLayer<Signal>;

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
        let telemetry = Telemetry::builder("shop")
            .with_admin_addr(args.admin)
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
        Ok(Self { telemetry, ledger: ledger.expecting(expected), feed: Feed::default() })
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
            (self.ledger.clone(), Witness::new(self.ledger.clone(), self.feed.clone()), windows)
        })
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
        Self { telemetry, ledger: Ledger::new(CAPACITY), feed: Feed::default() }
    }
}
