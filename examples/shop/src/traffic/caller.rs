//! A caller of the shop: its clients, and what it does for each kind of exchange.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use tokio::time::timeout;

use super::{
    Clients, Tally, Targets, grpc,
    http::{self, Leave},
    mix::Kind,
    socket,
    tally::Seen,
};
use crate::{
    catalogue::{Fault, GOODS, RARE},
    visit::Visit,
};

/// No exchange takes a caller longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The clients, and what was heard so far.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(super) targets: Targets,
    pub(super) clients: Clients,
    tally: Arc<Tally>,
    /// The newest order that was heard of.
    newest: AtomicU64,
    visits: AtomicU64,
}

impl Caller {
    pub(crate) fn new(targets: Targets, clients: Clients, tally: Arc<Tally>) -> Self {
        Self { targets, clients, tally, newest: AtomicU64::new(1), visits: AtomicU64::new(1) }
    }

    /// One exchange from its start to its end, and a note of it.
    pub(crate) async fn call(self: Arc<Self>, kind: Kind, rng: Rng) {
        let seen = timeout(PATIENCE, self.act(kind, rng)).await.unwrap_or(Seen::GaveUp);
        self.tally.note(kind, seen);
    }

    /// An order that the shop may still know.
    pub(super) fn some_order(&self, rng: &mut Rng) -> u64 {
        let newest = self.newest.load(Ordering::Relaxed);
        rng.u64(newest.saturating_sub(500).max(1)..=newest)
    }

    /// The next call's own number.
    pub(super) fn visit(&self) -> Visit {
        Visit::numbered(self.visits.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn heard_of(&self, order: u64) {
        self.newest.fetch_max(order, Ordering::Relaxed);
    }

    async fn act(&self, kind: Kind, mut rng: Rng) -> Seen {
        let moment = Duration::from_millis(rng.u64(20..150));
        let good = GOODS.get(rng.usize(..GOODS.len())).copied().unwrap_or(RARE);
        match kind {
            Kind::Order => http::order(self, good, rng.u32(1..4)).await,
            Kind::Read => http::get(self, &format!("/orders/{}", self.some_order(&mut rng))).await,
            Kind::Health => http::get(self, "/healthz").await,
            Kind::Head => http::head(self, &mut rng).await,
            Kind::BadJson => http::post(self, r#"{"item": "tea", "quantity": "#).await,
            Kind::NoQuantity => http::order(self, good, 0).await,
            Kind::UnknownItem => http::order(self, "unicorn", 1).await,
            Kind::UnknownOrder => http::get(self, "/orders/0").await,
            Kind::OutOfStock => http::order(self, RARE, 1).await,
            Kind::Scan => http::scan(self, &mut rng).await,
            Kind::Broken => http::order(self, Fault::Broken.item(), 1).await,
            Kind::Slow => http::order(self, Fault::Slow.item(), 1).await,
            Kind::HangUp => hang_up(moment, http::order(self, Fault::Slow.item(), 1)).await,
            Kind::Panic => http::order(self, Fault::Panic.item(), 1).await,
            Kind::Stuck => http::order(self, Fault::Stuck.item(), 1).await,
            Kind::Late => http::order(self, Fault::Late.item(), 1).await,
            Kind::Events => http::events(self, good, Leave::AtTheEnd).await,
            Kind::EventsLeft => http::events(self, good, Leave::AfterOneEvent).await,
            Kind::EventsCut => http::events(self, Fault::Cut.item(), Leave::AtTheEnd).await,
            Kind::Live => socket::live(self, rng.usize(3..30)).await,
            Kind::GrpcGet => grpc::get(self, good).await,
            Kind::GrpcNotFound => grpc::get(self, "unicorn").await,
            Kind::GrpcInternal => grpc::get(self, Fault::Broken.item()).await,
            Kind::GrpcHangUp => hang_up(moment, grpc::get(self, Fault::Slow.item())).await,
            Kind::GrpcUnknown => grpc::unknown(self, &mut rng).await,
            Kind::Restock => http::restock(self, &[good; 3]).await,
            Kind::RestockBroken => http::restock(self, &[good, Fault::Broken.item(), good]).await,
            Kind::GrpcWatch => grpc::watch(self, good, rng.u32(2..20)).await,
            Kind::GrpcRestock => grpc::restock(self, &[good; 5], Leave::AtTheEnd).await,
            Kind::GrpcRestockBroken => {
                grpc::restock(self, &[good, Fault::Broken.item()], Leave::AtTheEnd).await
            }
            Kind::GrpcRestockLeft => {
                grpc::restock(self, &[good, Fault::Slow.item(), good], Leave::AfterOneEvent).await
            }
        }
    }
}

/// Waits a moment for the answer, then drops the call.
async fn hang_up(moment: Duration, call: impl Future<Output = Seen>) -> Seen {
    timeout(moment, call).await.unwrap_or(Seen::Left)
}
