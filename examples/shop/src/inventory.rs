//! The inventory: a gRPC service with two unary methods, a stream of stock levels, and one of deliveries.

use std::{pin::Pin, sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt, TryStreamExt};
use tokio::time::sleep;
use tokio_stream::wrappers::WatchStream;
use tonic::{Request, Response, Status, Streaming};

use crate::{
    catalogue::Fault,
    proto::{self, Delivery, GetRequest, ReserveRequest, ReserveResponse, WatchRequest},
    stop::Stop,
    store::{Stock, StockError},
};

/// Longer than any caller's deadline, and shorter than for ever for those who set none.
const LATE: Duration = Duration::from_secs(3);

/// The service.
#[derive(Debug)]
pub(crate) struct Inventory {
    stock: Arc<Stock>,
    stop: Stop,
}

impl Inventory {
    /// Streams of this inventory end at the word to stop.
    pub(crate) fn new(stock: Arc<Stock>, stop: Stop) -> Self {
        Self { stock, stop }
    }
}

/// Stock levels, told one by one.
type Levels = Pin<Box<dyn Stream<Item = Result<proto::Stock, Status>> + Send>>;

#[tonic::async_trait]
impl proto::inventory_server::Inventory for Inventory {
    type WatchStream = Levels;
    type RestockStream = Levels;

    async fn reserve(&self, request: Request<ReserveRequest>) -> Result<Response<ReserveResponse>, Status> {
        let ReserveRequest { item, quantity } = request.into_inner();
        if quantity == 0 {
            return Err(Status::invalid_argument("the quantity must be at least 1"));
        }
        misbehave(&item).await?;
        match self.stock.take(&item, quantity) {
            Ok(left) => Ok(Response::new(ReserveResponse { left })),
            Err(error) => Err(refused(&item, error)),
        }
    }

    async fn get(&self, request: Request<GetRequest>) -> Result<Response<proto::Stock>, Status> {
        let GetRequest { item } = request.into_inner();
        misbehave(&item).await?;
        let left = self.stock.left(&item).ok_or_else(|| unknown(&item))?;
        Ok(Response::new(proto::Stock { item, left }))
    }

    async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let WatchRequest { item, updates } = request.into_inner();
        let levels = self.stock.watch(&item).ok_or_else(|| unknown(&item))?;
        let limit = if updates == 0 { usize::MAX } else { updates as usize };
        let levels = WatchStream::new(levels)
            .map(move |left| Ok(proto::Stock { item: item.clone(), left }))
            .take(limit)
            .take_until(self.stop.clone().requested());
        Ok(Response::new(Box::pin(levels)))
    }

    async fn restock(
        &self,
        request: Request<Streaming<Delivery>>,
    ) -> Result<Response<Self::RestockStream>, Status> {
        let stock = Arc::clone(&self.stock);
        let levels = request
            .into_inner()
            .and_then(move |Delivery { item, quantity }| {
                let stock = Arc::clone(&stock);
                async move {
                    misbehave(&item).await?;
                    let left = stock.add(&item, quantity).map_err(|error| refused(&item, error))?;
                    Ok(proto::Stock { item, left })
                }
            })
            .take_until(self.stop.clone().requested());
        Ok(Response::new(Box::pin(levels)))
    }
}

/// Does what the item asks for; nothing for ordinary goods.
async fn misbehave(item: &str) -> Result<(), Status> {
    match Fault::of(item) {
        Some(Fault::Slow) => sleep(Duration::from_millis(fastrand::u64(300..800))).await,
        Some(Fault::Late) => sleep(LATE).await,
        Some(Fault::Broken) => return Err(Status::internal("the shelf is broken")),
        Some(Fault::Panic | Fault::Stuck | Fault::Cut) | None => {}
    }
    Ok(())
}

fn refused(item: &str, error: StockError) -> Status {
    match error {
        StockError::Unknown => unknown(item),
        StockError::TooFew { left } => Status::failed_precondition(format!("only {left} of {item} are left")),
        StockError::NoMore => Status::failed_precondition(format!("no more of {item} come")),
    }
}

fn unknown(item: &str) -> Status {
    Status::not_found(format!("the shop does not sell {item:?}"))
}
