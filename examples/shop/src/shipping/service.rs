//! Shipping as a process of its own: a gRPC service in front of the queue.

use std::pin::Pin;

use futures_util::{Stream, StreamExt};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tonic::{Request, Response, Status};
use tower_telemetry::Traced;

use super::{Job, JobQueue, QueueFull};
use crate::{
    proto::{self, JobTaken, OrderStage, ProgressRequest, shipping_server},
    stop::Stop,
    store::{OrderId, Stage},
};

/// The service.
#[derive(Debug)]
pub(crate) struct Shipping {
    pub(crate) jobs: JobQueue,
    pub(crate) news: broadcast::Sender<(OrderId, Stage)>,
    /// Ends the streams.
    pub(crate) stop: Stop,
}

#[tonic::async_trait]
impl shipping_server::Shipping for Shipping {
    type ProgressStream = Pin<Box<dyn Stream<Item = Result<OrderStage, Status>> + Send>>;

    async fn ship(&self, request: Request<proto::Job>) -> Result<Response<JobTaken>, Status> {
        let proto::Job { order, headers } = request.into_inner();
        // The job belongs to the request that placed the order, not to this call.
        let job = Traced::from_headers(Job { order }, headers);
        self.jobs.submit(job).map_err(|QueueFull| full())?;
        Ok(Response::new(JobTaken {}))
    }

    async fn progress(&self, _: Request<ProgressRequest>) -> Result<Response<Self::ProgressStream>, Status> {
        let news = BroadcastStream::new(self.news.subscribe())
            // A slow follower misses some.
            .filter_map(async |news| news.ok())
            .map(|(order, stage)| Ok(OrderStage { order, stage: proto::Stage::from(stage).into() }))
            .take_until(self.stop.clone().requested());
        Ok(Response::new(Box::pin(news)))
    }
}

/// What a caller is told when no job is taken on.
pub(crate) fn full() -> Status {
    Status::resource_exhausted("too many orders wait for shipping")
}

impl From<Stage> for proto::Stage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Placed => Self::Placed,
            Stage::Packed => Self::Packed,
            Stage::Shipped => Self::Shipped,
        }
    }
}

impl TryFrom<proto::Stage> for Stage {
    type Error = ();

    fn try_from(stage: proto::Stage) -> Result<Self, ()> {
        match stage {
            proto::Stage::Unspecified => Err(()),
            proto::Stage::Placed => Ok(Self::Placed),
            proto::Stage::Packed => Ok(Self::Packed),
            proto::Stage::Shipped => Ok(Self::Shipped),
        }
    }
}
