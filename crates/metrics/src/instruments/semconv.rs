//! The metrics of the OpenTelemetry conventions.

use std::sync::Arc;

use http::{StatusCode, Version};
use tower_telemetry_core::names::{Metric, metric};
use tower_telemetry_core::{Code, Exchange, Outcome, Side};

use super::handles::{Closed, Found, Handles, Keep, Mixer, same_or_none};
use super::{keep, place_of};
use crate::builder::{Extra, Extras, Status};
use crate::keys::{ActiveClient, ActiveServer, HttpClient, HttpServer, Routed, Rpc};
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
    keep: Keep,
    http_server: View<HttpServer, L>,
    http_client: View<HttpClient, L>,
    rpc_server: View<Rpc, L>,
    rpc_client: View<Rpc, L>,
    /// Of all views: a door is of one.
    handles: Handles<Ended<L>, Series>,
    active_http_server: Arc<Family<ActiveServer, Gauge>>,
    active_http_client: Arc<Family<ActiveClient, Gauge>>,
    active_rpc_server: Arc<Family<(), Gauge>>,
    active_rpc_client: Arc<Family<(), Gauge>>,
}

/// What is recorded of one protocol on one side, under one key.
#[derive(Debug)]
struct View<K, L: LabelSet> {
    status: Status,
    keep: Keep,
    duration: Arc<Family<With<K, L>, Histogram>>,
    /// Beside lean histograms.
    responses: Option<Arc<Family<With<K, L>, Counter>>>,
    request_size: Option<Arc<Family<With<K, L>, ValueHistogram>>>,
    response_size: Option<Arc<Family<With<K, L>, ValueHistogram>>>,
    head: Option<Arc<Family<Routed, Histogram>>>,
}

/// What tells apart the exchanges that came in by one door, when they have ended: less than their labels.
#[derive(Debug)]
struct Ended<L: LabelSet> {
    /// Side, protocol, method, scheme and server.
    door: u32,
    route: Option<&'static str>,
    status: Option<StatusCode>,
    grpc: Option<Code>,
    error_type: Option<&'static str>,
    version: Option<Version>,
    values: L::Values,
}

/// The series that one exchange is recorded to.
#[derive(Debug, Clone)]
struct Series {
    duration: Arc<Histogram>,
    responses: Option<Arc<Counter>>,
    request_size: Option<Arc<ValueHistogram>>,
    response_size: Option<Arc<ValueHistogram>>,
    head: Option<Arc<Histogram>>,
}

impl<L: LabelSet> Semconv<L> {
    pub(super) fn register(
        store: &Store,
        buckets: &Buckets,
        extras: Extras,
        keep: Keep,
    ) -> Result<Self, RegisterError> {
        let http =
            |request, response| Some((request, response)).filter(|_| extras.body_sizes == Extra::Recorded);
        let active = |metric| match extras.extremes {
            Extra::Recorded => Descriptor::of(metric).with_extremes(),
            Extra::LeftOut => Descriptor::of(metric),
        };
        let plan = Plan { store, buckets, extras, keep };
        Ok(Self {
            keep,
            http_server: plan.view(
                metric::HTTP_SERVER_REQUEST_DURATION,
                metric::HTTP_SERVER_RESPONSES,
                http(metric::HTTP_SERVER_REQUEST_BODY_SIZE, metric::HTTP_SERVER_RESPONSE_BODY_SIZE),
            )?,
            http_client: plan.view(
                metric::HTTP_CLIENT_REQUEST_DURATION,
                metric::HTTP_CLIENT_RESPONSES,
                http(metric::HTTP_CLIENT_REQUEST_BODY_SIZE, metric::HTTP_CLIENT_RESPONSE_BODY_SIZE),
            )?,
            rpc_server: plan.view(metric::RPC_SERVER_CALL_DURATION, metric::RPC_SERVER_RESPONSES, None)?,
            rpc_client: plan.view(metric::RPC_CLIENT_CALL_DURATION, metric::RPC_CLIENT_RESPONSES, None)?,
            handles: Handles::new(),
            active_http_server: store.gauge_family(active(metric::HTTP_SERVER_ACTIVE_REQUESTS))?,
            active_http_client: store.gauge_family(active(metric::HTTP_CLIENT_ACTIVE_REQUESTS))?,
            active_rpc_server: store.gauge_family(active(metric::RPC_SERVER_ACTIVE_CALLS))?,
            active_rpc_client: store.gauge_family(active(metric::RPC_CLIENT_ACTIVE_CALLS))?,
        })
    }

    /// The gauge that the exchange is in flight on.
    pub(super) fn gauge(&self, exchange: &Exchange) -> (Arc<Gauge>, Keep) {
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => {
                (self.active_http_server.series(&ActiveServer::of(exchange), Place::Known), self.keep)
            }
            (false, Side::Client) => keep(
                self.keep,
                || self.active_http_client.refused(),
                || self.active_http_client.series(&ActiveClient::of(exchange), Place::Wire),
            ),
            (true, Side::Server) => (self.active_rpc_server.series(&(), Place::Known), self.keep),
            (true, Side::Client) => (self.active_rpc_client.series(&(), Place::Known), self.keep),
        }
    }

    /// Records an exchange that came in by this door, if that has a place.
    pub(super) fn end(&self, exchange: &Exchange, outcome: &Outcome, door: Option<u32>) {
        let series = match door {
            Some(door) => {
                let key = || Ended::of(door, exchange, outcome);
                self.handles.find(key, |_| self.series(exchange, outcome)).0
            }
            None => Found::Passing(Box::new(self.series(exchange, outcome).0)),
        };
        series.record(exchange, outcome);
    }

    #[cold]
    #[inline(never)]
    fn series(&self, exchange: &Exchange, outcome: &Outcome) -> (Series, Keep) {
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => self.http_server.series(exchange, HttpServer::of(exchange, outcome)),
            (false, Side::Client) => self.http_client.series(exchange, HttpClient::of(exchange, outcome)),
            (true, Side::Server) => self.rpc_server.series(exchange, Rpc::of(exchange, outcome)),
            (true, Side::Client) => self.rpc_client.series(exchange, Rpc::of(exchange, outcome)),
        }
    }
}

/// What all views are made by.
struct Plan<'a> {
    store: &'a Store,
    buckets: &'a Buckets,
    extras: Extras,
    keep: Keep,
}

/// A key that can leave its status code out.
pub(crate) trait Lean: Labels {
    fn lean(self) -> Self;
}

impl Plan<'_> {
    fn view<K: Labels, L: LabelSet>(
        &self,
        duration: Metric,
        responses: Metric,
        sizes: Option<(Metric, Metric)>,
    ) -> Result<View<K, L>, RegisterError> {
        let Self { store, buckets, extras: Extras { head_times, status, .. }, keep } = *self;
        let size = |metric: Option<Metric>| {
            let bounds = Bounds::from_values(SIZE_BOUNDS).unwrap_or_default();
            metric.map(|metric| store.value_histogram_family(Descriptor::of(metric), bounds)).transpose()
        };
        Ok(View {
            status,
            keep,
            duration: store.histogram_family(Descriptor::of(duration), buckets.clone())?,
            responses: match status {
                Status::OnCounter => Some(store.counter_family(Descriptor::of(responses))?),
                Status::OnDurations => None,
            },
            request_size: size(sizes.map(|(request, _)| request))?,
            response_size: size(sizes.map(|(_, response)| response))?,
            head: match head_times {
                Extra::Recorded => {
                    Some(store.histogram_family(Descriptor::of(metric::HEAD_DURATION), buckets.clone())?)
                }
                Extra::LeftOut => None,
            },
        })
    }
}

impl<K: Lean, L: LabelSet> View<K, L> {
    fn series(&self, exchange: &Exchange, key: K) -> (Series, Keep) {
        let (labels, place) = (&With::of(key, exchange), place_of(exchange));
        keep(
            self.keep,
            || self.refused(),
            || {
                let lean = match self.status {
                    Status::OnCounter => &labels.with_key(labels.key().clone().lean()),
                    Status::OnDurations => labels,
                };
                Series {
                    duration: self.duration.series(lean, place),
                    responses: self.responses.as_ref().map(|family| family.series(labels, place)),
                    request_size: self.request_size.as_ref().map(|family| family.series(lean, place)),
                    response_size: self.response_size.as_ref().map(|family| family.series(lean, place)),
                    head: self.head.as_ref().map(|family| family.series(&Routed::of(exchange), place)),
                }
            },
        )
    }

    /// How many lookups were refused by any of the families.
    fn refused(&self) -> u64 {
        let sizes = [&self.request_size, &self.response_size];
        let sizes: u64 = sizes.into_iter().flatten().map(|family| family.refused()).sum();
        self.duration.refused()
            + sizes
            + self.responses.as_ref().map_or(0, |family| family.refused())
            + self.head.as_ref().map_or(0, |family| family.refused())
    }
}

impl Series {
    #[inline]
    fn record(&self, exchange: &Exchange, outcome: &Outcome) {
        // Sampled traces leave an exemplar in their bucket.
        let trace = exchange.kept_trace();
        self.duration.record_with(outcome.total, trace.as_ref());
        if let Some(responses) = &self.responses {
            responses.increment();
        }
        if let (Some(sizes), Some(size)) = (&self.request_size, outcome.request_bytes) {
            sizes.record(size);
        }
        if let (Some(sizes), Some(_)) = (&self.response_size, outcome.status) {
            sizes.record(outcome.sent);
        }
        if let (Some(times), Some(head)) = (&self.head, outcome.head) {
            times.record_with(head, trace.as_ref());
        }
    }
}

impl<L: LabelSet> Ended<L> {
    #[inline]
    fn of(door: u32, exchange: &Exchange, outcome: &Outcome) -> Self {
        Self {
            door,
            route: exchange.route().as_str(),
            status: outcome.status,
            grpc: outcome.grpc,
            error_type: outcome.error_type,
            version: outcome.version,
            values: L::of(exchange),
        }
    }
}

impl<L: LabelSet> Closed for Ended<L> {
    #[inline]
    fn mix(&self, mixer: Mixer) -> Mixer {
        let status = self.status.map_or(0, |status| u64::from(status.as_u16()));
        let grpc = self.grpc.map_or(u64::from(u8::MAX), |code| u64::from(code.as_u8()));
        let mixer = mixer.number(u64::from(self.door) << 32 | grpc << 16 | status).some(self.route);
        self.values.as_ref().iter().fold(mixer, |mixer, value| mixer.some(*value))
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        let values = self.values.as_ref().iter().zip(other.values.as_ref());
        (self.door, self.status, self.grpc, self.version)
            == (other.door, other.status, other.grpc, other.version)
            && same_or_none(self.route, other.route)
            && same_or_none(self.error_type, other.error_type)
            && values.into_iter().all(|(one, other)| same_or_none(*one, *other))
    }
}
