//! The metrics of older dashboards, for teams that have them.

use std::sync::Arc;

use tower_telemetry_core::names::metric;
use tower_telemetry_core::{Exchange, Outcome, Side};

use super::handles::{Handles, Keep};
use super::{keep, place_of};
use crate::keys::{ClassicGrpc, ClassicHttp};
use crate::label_set::{LabelSet, With};
use crate::store::{Buckets, Counter, Descriptor, Family, Histogram, RegisterError, Store};

#[derive(Debug)]
pub(super) struct Classic<L: LabelSet> {
    http_server: Http<L>,
    http_client: Http<L>,
    grpc_server: Grpc<L>,
    grpc_client: Grpc<L>,
}

#[derive(Debug)]
struct Http<L: LabelSet> {
    requests: Arc<Family<With<ClassicHttp, L>, Counter>>,
    duration: Arc<Family<With<ClassicHttp, L>, Histogram>>,
    handles: Handles<With<ClassicHttp, L>, Series>,
    keep: Keep,
}

#[derive(Debug)]
struct Grpc<L: LabelSet> {
    started: Arc<Family<ClassicGrpc, Counter>>,
    handled: Arc<Family<With<ClassicGrpc, L>, Counter>>,
    handling: Arc<Family<With<ClassicGrpc, L>, Histogram>>,
    handles: Handles<With<ClassicGrpc, L>, Series>,
    keep: Keep,
}

/// The series that one exchange is recorded to.
#[derive(Debug, Clone)]
struct Series {
    count: Arc<Counter>,
    duration: Arc<Histogram>,
}

impl<L: LabelSet> Classic<L> {
    pub(super) fn register(store: &Store, buckets: &Buckets, keep: Keep) -> Result<Self, RegisterError> {
        let http = |requests, duration| {
            Ok(Http {
                requests: store.counter_family(Descriptor::of(requests))?,
                duration: store.histogram_family(Descriptor::of(duration), buckets.clone())?,
                handles: Handles::new(),
                keep,
            })
        };
        let grpc = |started, handled, handling| {
            Ok(Grpc {
                started: store.counter_family(Descriptor::of(started))?,
                handled: store.counter_family(Descriptor::of(handled))?,
                handling: store.histogram_family(Descriptor::of(handling), buckets.clone())?,
                handles: Handles::new(),
                keep,
            })
        };
        Ok(Self {
            http_server: http(metric::CLASSIC_HTTP_REQUESTS, metric::CLASSIC_HTTP_DURATION)?,
            http_client: http(metric::CLASSIC_HTTP_CLIENT_REQUESTS, metric::CLASSIC_HTTP_CLIENT_DURATION)?,
            grpc_server: grpc(
                metric::CLASSIC_GRPC_SERVER_STARTED,
                metric::CLASSIC_GRPC_SERVER_HANDLED,
                metric::CLASSIC_GRPC_SERVER_HANDLING,
            )?,
            grpc_client: grpc(
                metric::CLASSIC_GRPC_CLIENT_STARTED,
                metric::CLASSIC_GRPC_CLIENT_HANDLED,
                metric::CLASSIC_GRPC_CLIENT_HANDLING,
            )?,
        })
    }

    #[inline(never)]
    pub(super) fn start(&self, exchange: &Exchange) {
        let grpc = match (exchange.protocol.is_grpc(), exchange.side) {
            (true, Side::Server) => &self.grpc_server,
            (true, Side::Client) => &self.grpc_client,
            (false, _) => return,
        };
        grpc.started.series(&ClassicGrpc::started(exchange), place_of(exchange)).increment();
    }

    #[inline(never)]
    pub(super) fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => self.http_server.end(exchange, outcome),
            (false, Side::Client) => self.http_client.end(exchange, outcome),
            (true, Side::Server) => self.grpc_server.end(exchange, outcome),
            (true, Side::Client) => self.grpc_client.end(exchange, outcome),
        }
    }
}

impl<L: LabelSet> Http<L> {
    fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        let key = || With::of(ClassicHttp::of(exchange, outcome), exchange);
        let place = place_of(exchange);
        let (series, _) = self.handles.find(key, |key| {
            let refused = || self.requests.refused() + self.duration.refused();
            keep(self.keep, refused, || Series {
                count: self.requests.series(key, place),
                duration: self.duration.series(key, place),
            })
        });
        series.record(exchange, outcome);
    }
}

impl<L: LabelSet> Grpc<L> {
    fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        let key = || With::of(ClassicGrpc::handled(exchange, outcome), exchange);
        let place = place_of(exchange);
        let (series, _) = self.handles.find(key, |key| {
            let refused = || self.handled.refused() + self.handling.refused();
            keep(self.keep, refused, || Series {
                count: self.handled.series(key, place),
                // The duration of older dashboards tells no code.
                duration: self.handling.series(&key.with_key(ClassicGrpc::started(exchange)), place),
            })
        });
        series.record(exchange, outcome);
    }
}

impl Series {
    fn record(&self, exchange: &Exchange, outcome: &Outcome) {
        self.count.increment();
        self.duration.record_with(outcome.total, exchange.kept_trace().as_ref());
    }
}
