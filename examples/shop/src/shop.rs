//! The shop, open for business: all services in one process, and how it closes.

use std::{error::Error, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use crate::{
    carrier,
    cli::Args,
    gateway::{self, Gateway, Quotes},
    inventory, listen,
    shipping::{self, JobQueue},
    stop::{Stop, Trigger},
    store::{Orders, Stock},
    watch::Watch,
};

/// Shipping workers.
const WORKERS: usize = 4;

/// Time for open exchanges to finish when the shop closes.
const DRAIN: Duration = Duration::from_secs(5);

/// The running services.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) gateway: SocketAddr,
    pub(crate) inventory: SocketAddr,
    pub(crate) jobs: JobQueue,
    /// The gateway closes before what it depends on.
    front: Side,
    back: Side,
}

impl Shop {
    /// Takes all addresses first, then starts the services: it opens whole or not at all.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub(crate) async fn open(args: &Args, watch: &Watch) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let gateway = listen::GATEWAY.on(args.gateway).await?;
        let inventory = listen::INVENTORY.on(args.inventory).await?;
        let carrier = TcpListener::bind("127.0.0.1:0").await?;
        let addresses = (gateway.local_addr()?, inventory.local_addr()?, carrier.local_addr()?);

        let (jobs, todo) = JobQueue::new();
        let orders = Arc::new(Orders::new());
        let mut back = Side::new();
        back.run(|stop| carrier::serve(carrier, watch.server(), stop));
        back.run(|stop| {
            let service = inventory::Inventory::new(Arc::new(Stock::new()), stop.clone());
            inventory::serve(inventory, service, watch.server(), stop)
        });
        for _ in 0..WORKERS {
            let work = shipping::work(todo.clone(), Arc::clone(&orders));
            back.run(|_| async {
                work.await;
                Ok::<_, io::Error>(())
            });
        }

        let mut front = Side::new();
        let shared = Gateway {
            orders,
            jobs: jobs.clone(),
            inventory: gateway::Inventory::at(addresses.1, watch)?,
            quotes: Quotes::from(addresses.2, watch),
            stop: front.trigger.stop(),
        };
        let layer = watch.edge(args.callers());
        front.run(|stop| gateway::serve(gateway, shared, layer, stop));
        Ok(Self { gateway: addresses.0, inventory: addresses.1, jobs, front, back })
    }

    /// Lets open exchanges finish, for at most 5 s, and stops everything.
    pub(crate) async fn close(self) -> Closed {
        let Self { front, back, jobs, gateway: _, inventory: _ } = self;
        let all = async {
            front.close().await;
            // The workers leave when nobody can send them jobs.
            drop(jobs);
            back.close().await;
        };
        match timeout(DRAIN, all).await {
            Ok(()) => Closed::Drained,
            Err(_) => Closed::Cut,
        }
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

/// Services that stop together.
#[derive(Debug)]
struct Side {
    trigger: Trigger,
    tasks: JoinSet<()>,
}

impl Side {
    fn new() -> Self {
        Self { trigger: Trigger::new(), tasks: JoinSet::new() }
    }

    fn run<F, E>(&mut self, service: impl FnOnce(Stop) -> F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Error,
    {
        let service = service(self.trigger.stop());
        self.tasks.spawn(async {
            if let Err(error) = service.await {
                eprintln!("shop: {error}");
            }
        });
    }

    async fn close(mut self) {
        self.trigger.pull();
        while self.tasks.join_next().await.is_some() {}
    }
}
