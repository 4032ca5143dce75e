//! The gateway's way to shipping: a queue in this process, or a call to another.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use tokio::time::sleep;
use tonic::{Request, Status};
use tower_telemetry::Traced;

use crate::{
    channel::{self, Channel},
    proto::{self, ProgressRequest, shipping_client::ShippingClient},
    shipping::{self, Job, JobQueue, QueueFull},
    store::{Orders, Stage},
    watch::Watch,
};

/// How long shipping may take to take a job on.
const DEADLINE: Duration = Duration::from_millis(600);

/// After a loss, shipping is asked for its news again.
const AGAIN: Duration = Duration::from_millis(500);

/// Where jobs go. Either way they travel in the envelope of the request that asks for them.
#[derive(Debug, Clone)]
pub(crate) enum Dispatch {
    Here(JobQueue),
    There(ShippingClient<Channel>),
}

impl Dispatch {
    /// To shipping in another process.
    ///
    /// # Errors
    /// When the address makes no URI.
    pub(crate) fn to(address: SocketAddr, watch: &Watch) -> Result<Self, tonic::transport::Error> {
        let channel = channel::to(address, watch.grpc_client(address))?;
        Ok(Self::There(ShippingClient::new(channel)))
    }

    /// Hands the job over, within the current exchange; it is done later.
    pub(super) async fn submit(&self, job: Job) -> Result<(), Status> {
        let job = Traced::new(job);
        match self {
            Self::Here(queue) => queue.submit(job).map_err(|QueueFull| shipping::full()),
            Self::There(client) => {
                let mut request = Request::new(message(&job));
                request.set_timeout(DEADLINE);
                client.clone().ship(request).await.map(drop)
            }
        }
    }

    /// Notes what shipping in another process tells of the orders, for ever.
    pub(crate) async fn follow(self, orders: Arc<Orders>) {
        let Self::There(mut client) = self else { return };
        loop {
            // Whatever ended it, the next attempt may do better.
            let _ = news(&mut client, &orders).await;
            sleep(AGAIN).await;
        }
    }
}

/// The job and its envelope, as a broker would carry them.
fn message(job: &Traced<Job>) -> proto::Job {
    let mut headers = HashMap::new();
    job.to_headers(|name, value| _ = headers.insert(name.to_owned(), value.to_owned()));
    let Job { order, visit } = *job.get();
    proto::Job { order, headers, visit: visit.number() }
}

async fn news(client: &mut ShippingClient<Channel>, orders: &Orders) -> Result<(), Status> {
    let mut news = client.progress(ProgressRequest {}).await?.into_inner();
    while let Some(told) = news.message().await? {
        if let Ok(stage) = Stage::try_from(told.stage()) {
            orders.advance(told.order, stage);
        }
    }
    Ok(())
}
