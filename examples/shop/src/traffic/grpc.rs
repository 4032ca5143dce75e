//! gRPC calls to the inventory, past the gateway.

use fastrand::Rng;
use http::uri::PathAndQuery;
use tonic::{Request, Status, client::Grpc};
use tonic_prost::ProstCodec;

use super::{caller::Caller, tally::Seen};
use crate::proto::{GetRequest, Stock, WatchRequest, inventory_client::InventoryClient};

pub(super) async fn get(caller: &Caller, item: &str) -> Seen {
    let mut client = InventoryClient::new(caller.channel.clone());
    seen(client.get(GetRequest { item: item.to_owned() }).await)
}

pub(super) async fn watch(caller: &Caller, item: &str, updates: u32) -> Seen {
    let mut client = InventoryClient::new(caller.channel.clone());
    seen(
        async {
            let request = WatchRequest { item: item.to_owned(), updates };
            let mut levels = client.watch(request).await?.into_inner();
            while levels.message().await?.is_some() {}
            Ok(())
        }
        .await,
    )
}

/// A method, and sometimes a service, that nobody has.
pub(super) async fn unknown(caller: &Caller, rng: &mut Rng) -> Seen {
    let path = match rng.bool() {
        true => format!("/shop.v1.Inventory/Audit{:04x}", rng.u16(..)),
        false => format!("/shop.v{}.Ledger/Read", rng.u8(2..)),
    };
    seen(
        async {
            let path = PathAndQuery::try_from(path).map_err(|error| Status::internal(error.to_string()))?;
            let mut client = Grpc::new(caller.channel.clone());
            client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
            let request = Request::new(GetRequest { item: "tea".to_owned() });
            client.unary(request, path, ProstCodec::<GetRequest, Stock>::default()).await
        }
        .await,
    )
}

fn seen<T>(answer: Result<T, Status>) -> Seen {
    Seen::Grpc(answer.map_or_else(|status| i32::from(status.code()), |_| 0))
}
