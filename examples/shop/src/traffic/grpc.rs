//! gRPC calls to the inventory, past the gateway.

use fastrand::Rng;
use futures_util::stream;
use http::uri::PathAndQuery;
use tonic::{Request, Status, client::Grpc};
use tonic_prost::ProstCodec;

use super::{caller::Caller, http::Leave, tally::Seen};
use crate::proto::{Delivery, GetRequest, Stock, WatchRequest, inventory_client::InventoryClient};

pub(super) async fn get(caller: &Caller, item: &str) -> Seen {
    let mut client = InventoryClient::new(caller.clients.grpc.clone());
    seen(client.get(request(caller, GetRequest { item: item.to_owned() })).await)
}

pub(super) async fn watch(caller: &Caller, item: &str, updates: u32) -> Seen {
    let mut client = InventoryClient::new(caller.clients.grpc.clone());
    seen(
        async {
            let request = request(caller, WatchRequest { item: item.to_owned(), updates });
            let mut levels = client.watch(request).await?.into_inner();
            while levels.message().await?.is_some() {}
            Ok(())
        }
        .await,
    )
}

/// Deliveries of these items, one after the other, while the answers come.
pub(super) async fn restock(caller: &Caller, items: &[&str], leave: Leave) -> Seen {
    let mut client = InventoryClient::new(caller.clients.grpc.clone());
    let deliveries: Vec<_> =
        items.iter().map(|item| Delivery { item: (*item).to_owned(), quantity: 1 }).collect();
    let answer = async {
        let mut levels = client.restock(request(caller, stream::iter(deliveries))).await?.into_inner();
        while levels.message().await?.is_some() {
            if leave == Leave::AfterOneEvent {
                return Ok(Seen::Left);
            }
        }
        Ok(Seen::Grpc(0))
    };
    answer.await.unwrap_or_else(|status: Status| Seen::Grpc(status.code().into()))
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
            let mut client = Grpc::new(caller.clients.grpc.clone());
            client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
            let request = request(caller, GetRequest { item: "tea".to_owned() });
            client.unary(request, path, ProstCodec::<GetRequest, Stock>::default()).await
        }
        .await,
    )
}

/// A call with a number of its own.
fn request<T>(caller: &Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    caller.visit().send_call(request.metadata_mut());
    request
}

fn seen<T>(answer: Result<T, Status>) -> Seen {
    Seen::Grpc(answer.map_or_else(|status| i32::from(status.code()), |_| 0))
}
