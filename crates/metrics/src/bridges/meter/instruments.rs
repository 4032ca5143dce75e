//! The instruments of the conventions, on a meter.

use std::marker::PhantomData;

use opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};
use tower_telemetry_core::names::{Metric, metric};
use tower_telemetry_core::{Exchange, Outcome, Side};

use super::attributes;
use super::in_flight::InFlight;
use crate::builder::Extra;
use crate::instruments::SIZE_BOUNDS;
use crate::keys::{Ended, HttpClient, HttpServer, Routed, Rpc, Started};
use crate::label_set::{LabelSet, With};
use crate::store::{Bounds, Labels};

#[derive(Debug)]
pub(crate) struct Instruments<L> {
    http_server: View,
    http_client: View,
    rpc_server: View,
    rpc_client: View,
    head: Option<Histogram<f64>>,
    started: Counter<u64>,
    ended: Counter<u64>,
    ready_wait: Histogram<f64>,
    labels: PhantomData<fn() -> L>,
}

/// What was chosen of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) bounds: Bounds,
    pub(crate) body_sizes: Extra,
    pub(crate) head_times: Extra,
}

/// What is recorded of one protocol on one side.
#[derive(Debug)]
struct View {
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
    request_size: Option<Histogram<u64>>,
    response_size: Option<Histogram<u64>>,
}

impl<L: LabelSet> Instruments<L> {
    pub(crate) fn new(meter: &Meter, choice: &Choice) -> Self {
        let Choice { bounds, body_sizes, head_times } = choice;
        let duration = |metric| duration(meter, metric, bounds);
        let view = |duration_of, active, sizes: Option<[Metric; 2]>| {
            let [request_size, response_size] = match sizes {
                Some(sizes) if *body_sizes == Extra::Recorded => {
                    sizes.map(|metric| Some(size(meter, metric)))
                }
                _ => [None, None],
            };
            View {
                duration: duration(duration_of),
                active: up_down(meter, active),
                request_size,
                response_size,
            }
        };
        Self {
            http_server: view(
                metric::HTTP_SERVER_REQUEST_DURATION,
                metric::HTTP_SERVER_ACTIVE_REQUESTS,
                Some([metric::HTTP_SERVER_REQUEST_BODY_SIZE, metric::HTTP_SERVER_RESPONSE_BODY_SIZE]),
            ),
            http_client: view(
                metric::HTTP_CLIENT_REQUEST_DURATION,
                metric::HTTP_CLIENT_ACTIVE_REQUESTS,
                Some([metric::HTTP_CLIENT_REQUEST_BODY_SIZE, metric::HTTP_CLIENT_RESPONSE_BODY_SIZE]),
            ),
            rpc_server: view(metric::RPC_SERVER_CALL_DURATION, metric::RPC_SERVER_ACTIVE_CALLS, None),
            rpc_client: view(metric::RPC_CLIENT_CALL_DURATION, metric::RPC_CLIENT_ACTIVE_CALLS, None),
            head: (*head_times == Extra::Recorded).then(|| duration(metric::HEAD_DURATION)),
            started: counter(meter, metric::EXCHANGES_STARTED),
            ended: counter(meter, metric::EXCHANGES_ENDED),
            ready_wait: duration(metric::READY_WAIT),
            labels: PhantomData,
        }
    }

    /// Counts an exchange as begun, and gives what holds it in flight.
    pub(crate) fn start(&self, exchange: &Exchange) -> InFlight {
        attributes::with(&Started::of(exchange), |attributes| {
            self.started.add(1, attributes);
            if let Some(waited) = exchange.waited {
                self.ready_wait.record(waited.as_secs_f64(), attributes);
            }
        });
        InFlight::new(self.view(exchange).active.clone(), exchange)
    }

    /// Records an exchange as ended.
    pub(crate) fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        attributes::with(&Ended::of(exchange, outcome), |attributes| self.ended.add(1, attributes));
        if let (Some(histogram), Some(head)) = (&self.head, outcome.head) {
            attributes::with(&Routed::of(exchange), |attributes| {
                histogram.record(head.as_secs_f64(), attributes);
            });
        }
        let view = self.view(exchange);
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => view.end::<_, L>(exchange, outcome, HttpServer::of(exchange, outcome)),
            (false, Side::Client) => view.end::<_, L>(exchange, outcome, HttpClient::of(exchange, outcome)),
            (true, _) => view.end::<_, L>(exchange, outcome, Rpc::of(exchange, outcome)),
        }
    }

    fn view(&self, exchange: &Exchange) -> &View {
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => &self.http_server,
            (false, Side::Client) => &self.http_client,
            (true, Side::Server) => &self.rpc_server,
            (true, Side::Client) => &self.rpc_client,
        }
    }
}

impl View {
    fn end<K: Labels, L: LabelSet>(&self, exchange: &Exchange, outcome: &Outcome, key: K) {
        attributes::with(&With::<K, L>::of(key, exchange), |attributes| {
            self.duration.record(outcome.total.as_secs_f64(), attributes);
            if let (Some(histogram), Some(size)) = (&self.request_size, exchange.request_size) {
                histogram.record(size, attributes);
            }
            if let (Some(histogram), Some(_)) = (&self.response_size, outcome.status) {
                histogram.record(outcome.sent, attributes);
            }
        });
    }
}

fn counter(meter: &Meter, metric: Metric) -> Counter<u64> {
    meter.u64_counter(metric.name).with_unit(metric.unit).with_description(metric.help).build()
}

fn up_down(meter: &Meter, metric: Metric) -> UpDownCounter<i64> {
    meter.i64_up_down_counter(metric.name).with_unit(metric.unit).with_description(metric.help).build()
}

/// The default of an SDK suits milliseconds, and durations are told in seconds.
fn duration(meter: &Meter, metric: Metric, bounds: &Bounds) -> Histogram<f64> {
    let histogram = meter.f64_histogram(metric.name).with_unit(metric.unit).with_description(metric.help);
    histogram.with_boundaries(bounds.upper().to_vec()).build()
}

fn size(meter: &Meter, metric: Metric) -> Histogram<u64> {
    let histogram = meter.u64_histogram(metric.name).with_unit(metric.unit).with_description(metric.help);
    histogram.with_boundaries(SIZE_BOUNDS.to_vec()).build()
}
