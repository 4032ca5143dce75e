//! The metrics of older dashboards, for teams that have them.

use std::sync::Arc;

use tower_telemetry_core::names::metric;
use tower_telemetry_core::{Exchange, Outcome, Side};

use crate::keys::{ClassicGrpc, ClassicHttp};
use crate::label_set::{LabelSet, With};
use crate::store::{Buckets, Counter, Descriptor, Family, Histogram, Place, RegisterError, Store};

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
}

#[derive(Debug)]
struct Grpc<L: LabelSet> {
    started: Arc<Family<ClassicGrpc, Counter>>,
    handled: Arc<Family<With<ClassicGrpc, L>, Counter>>,
    handling: Arc<Family<With<ClassicGrpc, L>, Histogram>>,
}

impl<L: LabelSet> Classic<L> {
    pub(super) fn register(store: &Store, buckets: &Buckets) -> Result<Self, RegisterError> {
        let http = |requests, duration| {
            Ok(Http {
                requests: store.counter_family(Descriptor::of(requests))?,
                duration: store.histogram_family(Descriptor::of(duration), buckets.clone())?,
            })
        };
        let grpc = |started, handled, handling| {
            Ok(Grpc {
                started: store.counter_family(Descriptor::of(started))?,
                handled: store.counter_family(Descriptor::of(handled))?,
                handling: store.histogram_family(Descriptor::of(handling), buckets.clone())?,
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

    pub(super) fn start(&self, exchange: &Exchange) {
        let grpc = match (exchange.protocol.is_grpc(), exchange.side) {
            (true, Side::Server) => &self.grpc_server,
            (true, Side::Client) => &self.grpc_client,
            (false, _) => return,
        };
        let place = if exchange.route().is_known() { Place::Known } else { Place::Wire };
        grpc.started.series(&ClassicGrpc::started(exchange), place).increment();
    }

    pub(super) fn end(&self, exchange: &Exchange, outcome: &Outcome, place: Place) {
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => self.http_server.end(exchange, outcome, place),
            (false, Side::Client) => self.http_client.end(exchange, outcome, place),
            (true, Side::Server) => self.grpc_server.end(exchange, outcome, place),
            (true, Side::Client) => self.grpc_client.end(exchange, outcome, place),
        }
    }
}

impl<L: LabelSet> Http<L> {
    fn end(&self, exchange: &Exchange, outcome: &Outcome, place: Place) {
        let key = With::of(ClassicHttp::of(exchange, outcome), exchange);
        self.requests.series(&key, place).increment();
        self.duration.series(&key, place).record_with(outcome.total, exchange.kept_trace().as_ref());
    }
}

impl<L: LabelSet> Grpc<L> {
    fn end(&self, exchange: &Exchange, outcome: &Outcome, place: Place) {
        self.handled.series(&With::of(ClassicGrpc::handled(exchange, outcome), exchange), place).increment();
        // The duration of older dashboards tells no code.
        let key = With::of(ClassicGrpc::started(exchange), exchange);
        self.handling.series(&key, place).record_with(outcome.total, exchange.kept_trace().as_ref());
    }
}
