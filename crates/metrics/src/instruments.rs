//! The window's own metrics: the golden signals, by the semantic conventions.

use std::sync::Arc;

use tower_telemetry_core::names::{DURATION_BOUNDS, metric};
use tower_telemetry_core::{Exchange, Outcome, Side};

use crate::keys::{ActiveClient, ActiveServer, Ended, HttpClient, HttpServer, Rpc, Started};
use crate::store::{Bounds, Counter, Descriptor, Family, Gauge, Histogram, Place, RegisterError, Store};

/// The families that the window records to.
#[derive(Debug)]
pub(crate) struct Instruments {
    started: Arc<Family<Started, Counter>>,
    ended: Arc<Family<Ended, Counter>>,
    http_server: Arc<Family<HttpServer, Histogram>>,
    http_client: Arc<Family<HttpClient, Histogram>>,
    rpc_server: Arc<Family<Rpc, Histogram>>,
    rpc_client: Arc<Family<Rpc, Histogram>>,
    active_http_server: Arc<Family<ActiveServer, Gauge>>,
    active_http_client: Arc<Family<ActiveClient, Gauge>>,
    active_rpc_server: Arc<Family<(), Gauge>>,
    active_rpc_client: Arc<Family<(), Gauge>>,
}

impl Instruments {
    pub(crate) fn register(store: &Store) -> Result<Self, RegisterError> {
        let bounds = Bounds::from_seconds(DURATION_BOUNDS).unwrap_or_default();
        Ok(Self {
            started: store.counter_family(Descriptor::of(metric::EXCHANGES_STARTED))?,
            ended: store.counter_family(Descriptor::of(metric::EXCHANGES_ENDED))?,
            http_server: store
                .histogram_family(Descriptor::of(metric::HTTP_SERVER_REQUEST_DURATION), bounds.clone())?,
            http_client: store
                .histogram_family(Descriptor::of(metric::HTTP_CLIENT_REQUEST_DURATION), bounds.clone())?,
            rpc_server: store
                .histogram_family(Descriptor::of(metric::RPC_SERVER_CALL_DURATION), bounds.clone())?,
            rpc_client: store.histogram_family(Descriptor::of(metric::RPC_CLIENT_CALL_DURATION), bounds)?,
            active_http_server: store.gauge_family(Descriptor::of(metric::HTTP_SERVER_ACTIVE_REQUESTS))?,
            active_http_client: store.gauge_family(Descriptor::of(metric::HTTP_CLIENT_ACTIVE_REQUESTS))?,
            active_rpc_server: store.gauge_family(Descriptor::of(metric::RPC_SERVER_ACTIVE_CALLS))?,
            active_rpc_client: store.gauge_family(Descriptor::of(metric::RPC_CLIENT_ACTIVE_CALLS))?,
        })
    }

    /// Counts an exchange as begun, and gives the gauge that it is in flight on.
    pub(crate) fn start(&self, exchange: &Exchange) -> Arc<Gauge> {
        // Side and protocol are closed sets.
        self.started.series(&Started::of(exchange), Place::Known).increment();
        match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => {
                self.active_http_server.series(&ActiveServer::of(exchange), Place::Known)
            }
            (false, Side::Client) => self.active_http_client.series(&ActiveClient::of(exchange), Place::Wire),
            (true, Side::Server) => self.active_rpc_server.series(&(), Place::Known),
            (true, Side::Client) => self.active_rpc_client.series(&(), Place::Known),
        }
    }

    /// Records an exchange as ended.
    pub(crate) fn end(&self, exchange: &Exchange, outcome: &Outcome) {
        self.ended.series(&Ended::of(exchange, outcome), Place::Known).increment();
        // A route that the program knows has a place of its own; the rest shares what is left.
        let place = if exchange.route().is_known() { Place::Known } else { Place::Wire };
        let duration = match (exchange.protocol.is_grpc(), exchange.side) {
            (false, Side::Server) => self.http_server.series(&HttpServer::of(exchange, outcome), place),
            (false, Side::Client) => self.http_client.series(&HttpClient::of(exchange, outcome), place),
            (true, Side::Server) => self.rpc_server.series(&Rpc::of(exchange, outcome), place),
            (true, Side::Client) => self.rpc_client.series(&Rpc::of(exchange, outcome), place),
        };
        duration.record(outcome.total);
    }
}
