//! One request from a client, as `hyper-util`'s takes and answers it: absolute addresses, whole bodies, no sockets.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry::{core::SignalExt, metrics::Metrics};

use super::full::{full, trace};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    measure,
};

/// Requests of a thorough run.
const TIMES: usize = 200_000;

/// Answers at once.
#[derive(Debug, Clone)]
pub(crate) struct Client;

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("http-client/bare", |effort| requests(Client, effort)),
        case("http-client/ours-metrics", |effort| requests(Metrics::new().client().layer(Client), effort)),
        case("http-client/ours-trace-1", |effort| requests(trace()?.client().layer(Client), effort)),
        case("http-client/ours-full-0", ours_full).with_share(0.0),
        case("http-client/ours-full-1", ours_full),
        case("http-client/ours-full-100", ours_full).with_share(1.0),
    ]
}

/// A case of this group: beside the bare client.
pub(crate) fn case(name: &'static str, run: impl Fn(Effort) -> Result<Readings> + 'static) -> Case {
    Case::new(name, run).beside("http-client/bare")
}

fn ours_full(effort: Effort) -> Result<Readings> {
    requests(full()?.http_client().layer(Client), effort)
}

/// What a call costs from here to the end of its answer.
///
/// # Errors
///
/// An answer was not the client's.
pub(crate) fn requests<S, B>(mut client: S, effort: Effort) -> Result<Readings>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    B: http_body::Body,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut failed = 0;
    let readings = measure::each(effort.of(TIMES), |_| {
        let mut request = Request::new(Full::default());
        *request.uri_mut() = Uri::from_static("http://users.internal:8080/users/42");
        runtime.block_on(async {
            let _ = std::future::poll_fn(|context| client.poll_ready(context)).await;
            match client.call(request).await {
                Ok(response) => drop(black_box(response.into_body().collect().await)),
                Err(_) => failed += 1,
            }
        });
    });
    if failed > 0 {
        return Err(format!("{failed} calls were not answered as they should be").into());
    }
    Ok(readings)
}

impl Service<Request<Full<Bytes>>> for Client {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<std::result::Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        drop(black_box(request));
        ready(Ok(Response::new(Full::new(Bytes::from_static(b"{\"id\":42,\"name\":\"ada\"}")))))
    }
}
