//! The shop, open for business: the services of this process, all or one of them, and how they close.

use std::{sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::broadcast, time::timeout};

use crate::{
    AnyError, carrier,
    cli::{Args, Callers},
    gateway::{self, Dispatch, Gateway, Quotes},
    grpc, inventory, neighbour,
    part::Part,
    place::Places,
    proto::{inventory_server::InventoryServer, shipping_server::ShippingServer},
    shipping::{JobQueue, Report, Shipping},
    side::Side,
    store::{Orders, Stock},
    watch::Watch,
};

/// Time for open exchanges to finish when the shop closes.
const DRAIN: Duration = Duration::from_secs(5);

/// News that a follower of shipping may fall behind before it misses some.
const NEWS: usize = 4_096;

/// The running services.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) places: Places,
    /// Where shipping is a part of this process.
    pub(crate) jobs: Option<JobQueue>,
    watch: Watch,
    /// Whatever is called closes after those who call it.
    front: Side,
    back: Side,
}

impl Shop {
    /// Takes all addresses first, then starts the services: it opens whole or not at all.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub(crate) async fn open(args: &Args, watch: &Watch) -> Result<Self, AnyError> {
        let mut shop = Self {
            places: Places::named(args),
            jobs: None,
            watch: watch.clone(),
            front: Side::new(),
            back: Side::new(),
        };
        match args.part {
            None => shop.open_whole(args.callers()).await?,
            Some(Part::Gateway) => shop.open_gateway(args.callers()).await?,
            Some(Part::Inventory) => {
                let listener = shop.places.take_inventory().await?;
                shop.inventory(listener);
            }
            Some(Part::Shipping) => shop.open_shipping().await?,
            Some(Part::Traffic) => {}
        }
        Ok(shop)
    }

    /// Lets open exchanges finish, for at most 5 s, and stops everything.
    pub(crate) async fn close(self) -> Closed {
        let Self { front, back, jobs, places: _, watch: _ } = self;
        let all = async {
            front.close().await;
            if let Some(jobs) = jobs {
                jobs.close().await;
            }
            back.close().await;
        };
        match timeout(DRAIN, all).await {
            Ok(()) => Closed::Drained,
            Err(_) => Closed::Cut,
        }
    }

    async fn open_whole(&mut self, callers: Callers) -> Result<(), AnyError> {
        let gateway = self.places.take_gateway().await?;
        let inventory = self.places.take_inventory().await?;
        let carrier = self.places.take_carrier().await?;
        self.inventory(inventory);
        self.carrier(carrier);
        let orders = Arc::new(Orders::new());
        let jobs = self.workers(Report::To(Arc::clone(&orders)))?;
        self.gateway(gateway, orders, Dispatch::Here(jobs), callers)
    }

    /// The gateway, with its neighbours in other processes.
    async fn open_gateway(&mut self, callers: Callers) -> Result<(), AnyError> {
        let listener = self.places.take_gateway().await?;
        let Places { inventory, shipping, .. } = self.places;
        let orders = Arc::new(Orders::new());
        let dispatch = Dispatch::to(shipping, &self.watch)?;
        self.back.beside(neighbour::found(Part::Inventory, inventory));
        self.back.beside({
            let (dispatch, orders) = (dispatch.clone(), Arc::clone(&orders));
            async move {
                neighbour::found(Part::Shipping, shipping).await;
                dispatch.follow(orders).await;
            }
        });
        self.gateway(listener, orders, dispatch, callers)
    }

    /// Shipping behind a port, for a gateway in another process.
    async fn open_shipping(&mut self) -> Result<(), AnyError> {
        let shipping = self.places.take_shipping().await?;
        let carrier = self.places.take_carrier().await?;
        self.carrier(carrier);
        let news = broadcast::Sender::new(NEWS);
        let jobs = self.workers(Report::News(news.clone()))?;
        let layer = self.watch.server();
        self.front.run(|stop| {
            let service = Shipping { jobs, news, stop: stop.clone() };
            grpc::serve(shipping, ShippingServer::new(service), layer, stop)
        });
        Ok(())
    }

    fn gateway(
        &mut self,
        listener: TcpListener,
        orders: Arc<Orders>,
        jobs: Dispatch,
        callers: Callers,
    ) -> Result<(), AnyError> {
        let gateway = Gateway {
            orders,
            jobs,
            inventory: gateway::Inventory::at(self.places.inventory, &self.watch)?,
            quotes: Quotes::from(self.places.carrier, &self.watch),
            stop: self.front.stop(),
        };
        let layer = self.watch.edge(callers);
        self.front.run(|stop| gateway::serve(listener, gateway, layer, stop));
        Ok(())
    }

    fn inventory(&mut self, listener: TcpListener) {
        let layer = self.watch.server();
        self.back.run(|stop| {
            let service = inventory::Inventory::new(Arc::new(Stock::new()), stop.clone());
            grpc::serve(listener, InventoryServer::new(service), layer, stop)
        });
    }

    fn carrier(&mut self, listener: TcpListener) {
        let layer = self.watch.server();
        self.back.run(|stop| carrier::serve(listener, layer, stop));
    }

    fn workers(&mut self, report: Report) -> Result<JobQueue, AnyError> {
        let jobs = self.watch.job_queue(report)?;
        self.jobs = Some(jobs.clone());
        Ok(jobs)
    }
}

/// How the shop closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// Everything that was open has ended by itself.
    Drained,
    /// Some exchanges took too long and were dropped.
    Cut,
}
