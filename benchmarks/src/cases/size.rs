//! How large a request's future and an answer's body are: they are moved, and a runtime boxes the former.

use std::future::poll_fn;

use http::Request;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry::{core::SignalExt, metrics::Metrics};

use super::{full::full, http_client::Client};
use crate::{
    Result,
    case::{Case, Readings},
};

pub(crate) fn all() -> Vec<Case> {
    vec![
        Case::new("size/bare", |_| sizes(Client)),
        Case::new("size/ours-metrics", |_| sizes(Metrics::new().client().layer(Client))),
        Case::new("size/ours-full", |_| sizes(full()?.http_client().layer(Client))),
    ]
}

fn sizes<S, B>(mut service: S) -> Result<Readings>
where
    S: Service<Request<http_body_util::Full<bytes::Bytes>>, Response = http::Response<B>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let _ = poll_fn(|context| service.poll_ready(context)).await;
        let future = service.call(Request::default());
        let size = size_of_val(&future);
        let response = future.await.map_err(|_| "the client has no error")?;
        let body = size_of_val(response.body());
        Ok(vec![("future_bytes", size as f64), ("body_bytes", body as f64)])
    })
}
