//! The metrics of the OpenTelemetry conventions.

use std::sync::Arc;

use tower_telemetry_core::names::{Metric, metric};
use tower_telemetry_core::{Exchange, Outcome, Side};

use crate::builder::{Extra, Extras, Status};
use crate::keys::{ActiveClient, ActiveServer, Head, HttpClient, HttpServer, Rpc};
use crate::label_set::{LabelSet, With};
use crate::store::{
    Bounds, Buckets, Counter, Descriptor, Family, Gauge, Histogram, Labels, Place, RegisterError, Store,
    ValueHistogram,
};

/// Upper bounds of body sizes in bytes: the conventions advise none.
pub(crate) const SIZE_BOUNDS: &[f64] =
    &[100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0, 10_000_000.0, 100_000_000.0];

#[derive(Debug)]
pub(super) struct Semconv<L: LabelSet> {
    status: Status,
    http_server: View<With<HttpServer, L>>,
    http_client: View<With<HttpClient, L>>,
    rpc_server: View<With<Rpc, L>>,
    rpc_client: View<With<Rpc, L>>,
    head: Option<Arc<Family<Head, Histogram>>>,
    active_http_server: Arc<Family<ActiveServer, Gauge>>,
    active_http_client: Arc<Family<ActiveClient, Gauge>>,
    active_rpc_server: Arc<Family<(), Gauge>>,
    active_rpc_client: Arc<Family<(), Gauge>>,
}

/// What is recorded of one protocol on one side, under one key.
#[derive(Debug)]
struct View<K> {
    duration: Arc<Family<K, Histogram>>,
    /// Beside lean histograms.
    responses: Option<Arc<Family<K, Counter>>>,
    request_size: Option<Arc<Family<K, ValueHistogram>>>,
    response_size: Option<Arc<Family<K, ValueHistogram>>>,
}

impl<L: LabelSet> Semconv<L> {
    pub(super) fn register(store: &Store, buckets: &Buckets, extras: Extras) -> Result<Self, RegisterError> {
        let Extras { body_sizes, head_times, extremes, status } = extras;
        let sized = |request, response| (body_sizes == Extra::Recorded).then_some((request, response));
        let active = |metric| match extremes {
            Extra::Recorded => Descriptor::of(metric).with_extremes(),
            Extra::LeftOut => Descriptor::of(metric),
        };
        Ok(Self {
            status,
            http_server: View::register(
                store,
                buckets,
                metric::HTTP_SERVER_REQUEST_DURATION,
                (status == Status::OnCounter).then_some(metric::HTTP_SERVER_RESPONSES),
                sized(metric::HTTP_SERVER_REQUEST_BODY_SIZE, metric::HTTP_SERVER_RESPONSE_BODY_SIZE),
            )?,
            http_client: View::register(
                store,
                buckets,
                metric::HTTP_CLIENT_REQUEST_DURATION,
                (status == Status::OnCounter).then_some(metric::HTTP_CLIENT_RESPONSES),
                sized(metric::HTTP_CLIENT_REQUEST_BODY_SIZE, metric::HTTP_CLIENT_RESPONSE_BODY_SIZE),
            )?,
            rpc_server: View::register(
                store,
                buckets,
                metric::RPC_SERVER_CALL_DURATION,
                (status == Status::OnCounter).then_some(metric::RPC_SERVER_RESPONSES),
                None,
            )?,
            rpc_client: View::register(
                store,
                buckets,
                metric::RPC_CLIENT_CALL_DURATION,
                (status == Status::OnCounter).then_some(metric::RPC_CLIENT_RESPONSES),
                None,
            )?,
            head: match head_times {
                Extra::Recorded => {
                    Some(store.histogram_family(Descriptor::of(metric::HEAD_DURATION), buckets.clone())?)
                }
                Extra::LeftOut => None,
            },
            active_http_server: store.gauge_family(active(metric::HTTP_SERVER_ACTIVE_REQUESTS))?,
            active_http_client: store.gauge_family(active(metric::HTTP_CLIENT_ACTIVE_REQUESTS))?,
            active_rpc_server: store.gauge_family(active(metric::RPC_SERVER_ACTIVE_CALLS))?,
            active_rpc_client: store.gauge_family(active(metric::RPC_CLIENT_ACTIVE_CALLS))?,
        })
    }

    /// The gauge that the exchange is in flight on.
    pub(super) fn start(&self, exchange: &Exchange) -> Arc<Gauge> {
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => {
                self.active_http_server.series(&ActiveServer::of(exchange), Place::Known)
            }
            (false, Side::Client) => self.active_http_client.series(&ActiveClient::of(exchange), Place::Wire),
            (true, Side::Server) => self.active_rpc_server.series(&(), Place::Known),
            (true, Side::Client) => self.active_rpc_client.series(&(), Place::Known),
        }
    }

    pub(super) fn end(&self, exchange: &Exchange, outcome: &Outcome, place: Place) {
        if let (Some(family), Some(head)) = (&self.head, outcome.head) {
            family.series(&Head::of(exchange), place).record_with(head, exchange.kept_trace().as_ref());
        }
        let told = Told { exchange, outcome, place, status: self.status };
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => self.http_server.end(&told, HttpServer::of(exchange, outcome)),
            (false, Side::Client) => self.http_client.end(&told, HttpClient::of(exchange, outcome)),
            (true, Side::Server) => self.rpc_server.end(&told, Rpc::of(exchange, outcome)),
            (true, Side::Client) => self.rpc_client.end(&told, Rpc::of(exchange, outcome)),
        }
    }
}

/// An exchange that has ended, to be recorded.
struct Told<'a> {
    exchange: &'a Exchange,
    outcome: &'a Outcome,
    place: Place,
    status: Status,
}

/// A key that can leave its status code out.
pub(crate) trait Lean: Labels {
    fn lean(self) -> Self;
}

impl<K: Lean, L: LabelSet> View<With<K, L>> {
    fn register(
        store: &Store,
        buckets: &Buckets,
        duration: Metric,
        responses: Option<Metric>,
        sizes: Option<(Metric, Metric)>,
    ) -> Result<Self, RegisterError> {
        let size = |metric: Option<Metric>| {
            let bounds = Bounds::from_values(SIZE_BOUNDS).unwrap_or_default();
            metric.map(|metric| store.value_histogram_family(Descriptor::of(metric), bounds)).transpose()
        };
        Ok(Self {
            duration: store.histogram_family(Descriptor::of(duration), buckets.clone())?,
            responses: responses.map(|metric| store.counter_family(Descriptor::of(metric))).transpose()?,
            request_size: size(sizes.map(|(request, _)| request))?,
            response_size: size(sizes.map(|(_, response)| response))?,
        })
    }

    fn end(&self, told: &Told<'_>, key: K) {
        let Told { exchange, outcome, place, status } = *told;
        if let Some(responses) = &self.responses {
            responses.series(&With::of(key.clone(), exchange), place).increment();
        }
        let key = With::of(if status == Status::OnCounter { key.lean() } else { key }, exchange);
        // Sampled traces leave an exemplar in their bucket.
        self.duration.series(&key, place).record_with(outcome.total, exchange.kept_trace().as_ref());
        if let (Some(family), Some(size)) = (&self.request_size, exchange.request_size) {
            family.series(&key, place).record(size);
        }
        if let (Some(family), Some(_)) = (&self.response_size, outcome.status) {
            family.series(&key, place).record(outcome.sent);
        }
    }
}
