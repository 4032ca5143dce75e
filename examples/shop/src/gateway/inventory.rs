//! The gateway's client of the inventory.

use std::{net::SocketAddr, time::Duration};

use futures_util::stream;
use tonic::{Request, Status, Streaming};

use crate::{
    channel::{self, Channel},
    proto::{Delivery, ReserveRequest, Stock, WatchRequest, inventory_client::InventoryClient},
    watch::Watch,
};

/// How long the inventory may take for one answer. Sent along as `grpc-timeout`, and kept on this side, too.
const DEADLINE: Duration = Duration::from_millis(1_200);

/// Calls to the inventory.
#[derive(Debug, Clone)]
pub(crate) struct Inventory {
    client: InventoryClient<Channel>,
}

impl Inventory {
    /// Connects with the first call, and again after a loss. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the address makes no URI.
    pub(crate) fn at(address: SocketAddr, watch: &Watch) -> Result<Self, tonic::transport::Error> {
        let channel = channel::to(address, Some(watch.grpc_client(address)))?;
        Ok(Self { client: InventoryClient::new(channel) })
    }

    /// Takes items off the shelf and tells how many are left.
    pub(crate) async fn reserve(&self, item: &str, quantity: u32) -> Result<u32, Status> {
        let mut request = Request::new(ReserveRequest { item: item.to_owned(), quantity });
        request.set_timeout(DEADLINE);
        Ok(self.client.clone().reserve(request).await?.into_inner().left)
    }

    /// The item's stock, now and after each change, at most `updates` times.
    pub(crate) async fn watch(&self, item: &str, updates: u32) -> Result<Streaming<Stock>, Status> {
        let request = WatchRequest { item: item.to_owned(), updates };
        Ok(self.client.clone().watch(request).await?.into_inner())
    }

    /// Puts deliveries on the shelves; the levels that they leave come while they go.
    pub(crate) async fn restock(
        &self,
        deliveries: impl Iterator<Item = Delivery> + Send + 'static,
    ) -> Result<Streaming<Stock>, Status> {
        Ok(self.client.clone().restock(stream::iter(deliveries)).await?.into_inner())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::Arc;

    use tokio::net::TcpListener;
    use tonic::Code;

    use super::Inventory;
    use crate::{
        catalogue::Fault, grpc, inventory, proto::inventory_server::InventoryServer, stop::Trigger,
        store::Stock, watch::Watch,
    };

    #[tokio::test]
    async fn a_late_inventory_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let trigger = Trigger::new();
        let service = inventory::Inventory::new(Arc::new(Stock::new()), trigger.stop());
        let watch = Watch::test();
        tokio::spawn(grpc::serve(listener, InventoryServer::new(service), watch.server(), trigger.stop()));
        let inventory = Inventory::at(address, &watch).unwrap();
        assert_eq!(inventory.reserve("tea", 1).await.unwrap(), 9_999);
        let late = inventory.reserve(Fault::Late.item(), 1).await.unwrap_err();
        assert!(matches!(late.code(), Code::Cancelled | Code::DeadlineExceeded), "{late}");
    }
}
