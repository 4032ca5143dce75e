//! One JSON line of a request: four fields, and the three ids that its context holds.

use std::{
    convert::Infallible,
    hint::black_box,
    io::sink,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use http::{Request, Response, request};
use http_body_util::Empty;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry::{
    Exchange, RequestId, Signal, SignalExt, TraceIds, core::trace_ids::TraceFlags, log::JsonLayer,
};
use tracing_subscriber::layer::SubscriberExt;

use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    floor, measure,
};

/// Lines of a thorough run.
const TIMES: usize = 300_000;

/// The request id of every case.
pub(crate) const REQUEST_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

pub(crate) fn all() -> Vec<Case> {
    vec![case("log/floor", floor), case("log/ours", ours)]
}

/// A case of this group: beside the floor.
pub(crate) fn case(name: &'static str, run: fn(Effort) -> Result<Readings>) -> Case {
    Case::new(name, run).beside("log/floor")
}

/// What a line costs.
pub(crate) fn lines(effort: Effort, mut line: impl FnMut(u64)) -> Readings {
    measure::each(effort.of(TIMES), |index| line(black_box(1_000 + index as u64 % 9_000)))
}

/// The event of every case that has `tracing`.
pub(crate) fn event(microseconds: u64) {
    tracing::info!(
        method = "GET",
        route = "/users/{id}",
        status = 200,
        duration_us = microseconds,
        "request completed"
    );
}

fn floor(effort: Effort) -> Result<Readings> {
    let ids = floor::Ids { trace: 0x0af7_6519_16cd, span: 0xb7ad, request: 0x0189_0a5d, sampled: true };
    Ok(lines(effort, |microseconds| floor::line(&ids, 200, Duration::from_micros(microseconds))))
}

/// Within an exchange, which is where the ids stand.
fn ours(effort: Effort) -> Result<Readings> {
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(JsonLayer::new(sink)))?;
    let mut readings = None;
    let mut service = Known.server().layer(Lines(|| readings = Some(lines(effort, event))));
    let call = pin!(service.call(Request::new(())));
    if call.poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        return Err("nothing waits here".into());
    }
    drop(service);
    readings.ok_or_else(|| "the service was not called".into())
}

/// Gives the exchange its ids.
#[derive(Debug, Clone)]
struct Known;

impl Signal for Known {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.set_trace(TraceIds::random(TraceFlags::SAMPLED));
        if let Some(id) = RequestId::new(REQUEST_ID) {
            exchange.set_request_id(id);
        }
    }
}

/// A service that does this within its exchange.
#[derive(Debug)]
struct Lines<F>(F);

impl<F: FnMut()> Service<Request<()>> for Lines<F> {
    type Response = Response<Empty<bytes::Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<std::result::Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        (self.0)();
        std::future::ready(Ok(Response::new(Empty::new())))
    }
}
