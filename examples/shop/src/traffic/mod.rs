//! Traffic for the shop: good callers and bad ones, over real sockets, drawn from a seed.

mod caller;
mod clients;
mod grpc;
mod http;
mod mix;
mod socket;
mod tally;
mod wire;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use self::{caller::Caller, mix::Kind};
pub(crate) use self::{clients::Clients, tally::Tally};
use crate::stop::Stop;

/// Exchanges that may be open at once; beyond them the traffic holds back.
const OPEN: usize = 256;

/// How often new exchanges are started.
const TICK: Duration = Duration::from_millis(10);

/// At the end, open exchanges may finish this long; then they are dropped.
const GRACE: Duration = Duration::from_secs(1);

/// Where the traffic goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Targets {
    pub(crate) gateway: SocketAddr,
    pub(crate) inventory: SocketAddr,
}

/// How fast it goes, and what its choices are drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) per_second: u32,
    pub(crate) seed: u64,
}

/// Calls until the word to stop. All its connections are closed when it returns.
pub(crate) async fn run(targets: Targets, clients: Clients, pace: Pace, tally: Arc<Tally>, stop: Stop) {
    let caller = Arc::new(Caller::new(targets, clients, tally));
    let mut open = JoinSet::new();
    tokio::select! {
        () = stop.requested() => {}
        () = start(&caller, pace, &mut open) => {}
    }
    // What does not finish in time is dropped with the set.
    let _ = timeout(GRACE, async { while open.join_next().await.is_some() {} }).await;
    open.shutdown().await;
}

/// Starts exchanges at the given pace, for ever.
async fn start(caller: &Arc<Caller>, pace: Pace, open: &mut JoinSet<()>) {
    let mut rng = fastrand::Rng::with_seed(pace.seed);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut due = 0.0;
    let mut before = Instant::now();
    loop {
        let now = ticks.tick().await;
        // A late tick makes up for what it missed, but only within reason.
        let passed = now.duration_since(before).min(10 * TICK);
        due += f64::from(pace.per_second) * passed.as_secs_f64();
        before = now;
        while open.try_join_next().is_some() {}
        while due >= 1.0 {
            due -= 1.0;
            let (kind, rng) = (Kind::draw(&mut rng), rng.fork());
            if open.len() < OPEN {
                open.spawn(Arc::clone(caller).call(kind, rng));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::{sync::Arc, time::Duration};

    use clap::Parser;
    use fastrand::Rng;
    use tokio::{task::JoinSet, time::timeout};

    use super::{Clients, Pace, Tally, Targets, caller::Caller, mix::Kind, run, tally::Seen};
    use crate::{
        cli::Args,
        shop::{Closed, Shop},
        stop::Trigger,
        watch::Watch,
    };

    async fn open() -> (Shop, Targets) {
        let args = ["shop", "--gateway", "127.0.0.1:0", "--inventory", "127.0.0.1:0"];
        let shop = Shop::open(&Args::parse_from(args), &Watch::test()).await.unwrap();
        let targets = Targets { gateway: shop.places.gateway, inventory: shop.places.inventory };
        (shop, targets)
    }

    #[tokio::test]
    async fn every_kind_of_exchange_ends_as_it_should() {
        let (shop, targets) = open().await;
        let tally = Arc::new(Tally::default());
        let caller =
            Arc::new(Caller::new(targets, Clients::plain(targets, None).unwrap(), Arc::clone(&tally)));
        let expected = [
            (Kind::Order, Seen::Http(201)),
            (Kind::Read, Seen::Http(200)),
            (Kind::Health, Seen::Http(200)),
            (Kind::Head, Seen::Http(200)),
            (Kind::BadJson, Seen::Http(400)),
            (Kind::NoQuantity, Seen::Http(400)),
            (Kind::UnknownItem, Seen::Http(404)),
            (Kind::UnknownOrder, Seen::Http(404)),
            (Kind::OutOfStock, Seen::Http(201)),
            (Kind::Broken, Seen::Http(502)),
            (Kind::Slow, Seen::Http(201)),
            (Kind::HangUp, Seen::Left),
            (Kind::Panic, Seen::NoAnswer),
            (Kind::Stuck, Seen::Http(504)),
            (Kind::Late, Seen::Http(504)),
            (Kind::EventsLeft, Seen::Left),
            (Kind::EventsCut, Seen::Cut),
            (Kind::GrpcGet, Seen::Grpc(0)),
            (Kind::GrpcNotFound, Seen::Grpc(5)),
            (Kind::GrpcInternal, Seen::Grpc(13)),
            (Kind::GrpcHangUp, Seen::Left),
            (Kind::GrpcUnknown, Seen::Grpc(12)),
            (Kind::Restock, Seen::Http(200)),
            (Kind::RestockBroken, Seen::Http(502)),
            (Kind::GrpcRestock, Seen::Grpc(0)),
            (Kind::GrpcRestockBroken, Seen::Grpc(13)),
            (Kind::GrpcRestockLeft, Seen::Left),
        ];
        Arc::clone(&caller).call(Kind::Order, Rng::with_seed(1)).await;
        let mut calls = JoinSet::new();
        for (kind, _) in expected {
            calls.spawn(Arc::clone(&caller).call(kind, Rng::with_seed(1)));
        }
        calls.join_all().await;
        for (kind, seen) in expected {
            let count = if kind == Kind::Order { 2 } else { 1 };
            assert_eq!(tally.count(kind, seen), count, "{kind:?} {seen}:\n{tally}");
        }
        drop(caller);
        assert_eq!(shop.close().await, Closed::Drained);
    }

    #[tokio::test]
    async fn services_of_their_own_serve_as_one_does() {
        let any = ["--gateway", "--inventory", "--shipping", "--carrier"].map(|name| [name, "127.0.0.1:0"]);
        let open = async |part: &str, places: &[[&str; 2]]| {
            let args = ["shop", part].into_iter().chain(places.iter().flatten().copied());
            Shop::open(&Args::parse_from(args), &Watch::test()).await.unwrap()
        };
        let inventory = open("inventory", &any).await;
        let shipping = open("shipping", &any).await;
        let found = [inventory.places.inventory, shipping.places.shipping, shipping.places.carrier]
            .map(|place| place.to_string());
        let [stock, workers, carrier] = &found;
        let places = [any[0], ["--inventory", stock], ["--shipping", workers], ["--carrier", carrier]];
        let gateway = open("gateway", &places).await;

        let targets = Targets { gateway: gateway.places.gateway, inventory: inventory.places.inventory };
        let tally = Arc::new(Tally::default());
        let clients = Clients::plain(targets, None).unwrap();
        let caller = Arc::new(Caller::new(targets, clients, Arc::clone(&tally)));
        Arc::clone(&caller).call(Kind::Order, Rng::with_seed(1)).await;
        assert_eq!(tally.count(Kind::Order, Seen::Http(201)), 1, "{tally}");
        // Events end once shipping has told that the order is shipped; the first may come before anybody listens.
        let told = async {
            while tally.count(Kind::Events, Seen::Http(200)) == 0 {
                Arc::clone(&caller).call(Kind::Events, Rng::with_seed(1)).await;
            }
        };
        timeout(Duration::from_secs(30), told).await.unwrap();
        drop(caller);
        for shop in [gateway, shipping, inventory] {
            assert_eq!(shop.close().await, Closed::Drained);
        }
    }

    #[tokio::test]
    async fn a_rare_item_is_soon_out_of_stock() {
        let (shop, targets) = open().await;
        let tally = Arc::new(Tally::default());
        let caller =
            Arc::new(Caller::new(targets, Clients::plain(targets, None).unwrap(), Arc::clone(&tally)));
        for _ in 0..9 {
            Arc::clone(&caller).call(Kind::OutOfStock, Rng::with_seed(1)).await;
        }
        assert_eq!(tally.count(Kind::OutOfStock, Seen::Http(201)), 5);
        assert_eq!(tally.count(Kind::OutOfStock, Seen::Http(409)), 4);
        assert_eq!(shop.close().await, Closed::Drained);
    }

    #[tokio::test]
    async fn live_orders_and_streams_end_with_the_traffic() {
        let (shop, targets) = open().await;
        let tally = Arc::new(Tally::default());
        let stop = Trigger::new();
        let pace = Pace { per_second: 2_000, seed: 1 };
        let traffic = tokio::spawn(run(
            targets,
            Clients::plain(targets, None).unwrap(),
            pace,
            Arc::clone(&tally),
            stop.stop(),
        ));
        let complete =
            [(Kind::Live, Seen::Socket), (Kind::Events, Seen::Http(200)), (Kind::GrpcWatch, Seen::Grpc(0))];
        let seen_all = async {
            while complete.iter().any(|(kind, seen)| tally.count(*kind, *seen) == 0) {
                tokio::task::yield_now().await;
            }
        };
        // Far longer than it takes: a busy machine is no fault of the shop.
        timeout(Duration::from_secs(120), seen_all).await.unwrap();
        stop.pull();
        traffic.await.unwrap();
        assert_eq!(shop.close().await, Closed::Drained);
        assert!(tokio::net::TcpStream::connect(targets.gateway).await.is_err());
        assert!(tokio::net::TcpStream::connect(targets.inventory).await.is_err());
    }
}
