//! The gateway's client of the carrier: HTTP, with one more attempt when the carrier is busy.

use std::{future, net::SocketAddr};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tower::{
    BoxError, ServiceBuilder, ServiceExt,
    retry::{Policy, RetryLayer},
    util::BoxCloneSyncService,
};
use tower_telemetry::Route;

use crate::{
    carrier::Quote,
    visit::Visit,
    watch::{ClientLayer, Watch},
};

/// Boxed, so that its type stays the same whatever layers it bears.
type Service = BoxCloneSyncService<Request<Empty<Bytes>>, Response<Body>, BoxError>;

/// Asks the carrier for its prices.
#[derive(Debug, Clone)]
pub(crate) struct Quotes {
    carrier: SocketAddr,
    client: Service,
}

impl Quotes {
    pub(crate) fn from(carrier: SocketAddr, watch: &Watch) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { carrier, client: service(client, watch.http_client()) }
    }

    /// The price of shipping; `None` when the carrier does not tell, for an order is not lost over that.
    pub(crate) async fn ask(&self, item: &str, visit: Visit) -> Option<Quote> {
        let uri = format!("http://{}/quotes/{item}", self.carrier);
        // The template is the route that a client's metrics and spans tell: never the path.
        let mut request =
            Request::get(uri).extension(Route::template("/quotes/{item}")).body(Empty::new()).ok()?;
        visit.send(request.headers_mut());
        let response = self.client.clone().oneshot(request).await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let body = response.into_body().collect().await.ok()?.to_bytes();
        serde_json::from_slice(&body).ok()
    }
}

fn service(client: Client<HttpConnector, Empty<Bytes>>, layer: ClientLayer) -> Service {
    let service = ServiceBuilder::new()
        .map_response(|response: Response<_>| response.map(Body::new))
        .map_err(BoxError::from)
        .layer(RetryLayer::new(OnceMore::default()))
        // Below the retry, so that each attempt is seen by itself.
        .layer(layer)
        .service(client);
    BoxCloneSyncService::new(service)
}

/// Tries again once, when the carrier is busy or cannot be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum OnceMore {
    #[default]
    Fresh,
    Tried,
}

impl<B, E> Policy<Request<Empty<Bytes>>, Response<B>, E> for OnceMore {
    type Future = future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Empty<Bytes>>,
        result: &mut Result<Response<B>, E>,
    ) -> Option<Self::Future> {
        let failed =
            result.as_ref().map_or(true, |response| response.status() == StatusCode::SERVICE_UNAVAILABLE);
        let again = failed && *self == Self::Fresh;
        *self = Self::Tried;
        again.then(|| future::ready(()))
    }

    fn clone_request(&mut self, request: &Request<Empty<Bytes>>) -> Option<Request<Empty<Bytes>>> {
        Some(request.clone())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Router, routing::get};
    use http::StatusCode;
    use tokio::net::TcpListener;

    use super::Quotes;
    use crate::{carrier::Quote, visit::Visit, watch::Watch};

    /// A carrier that is busy for the first `busy` questions, and the number of questions it was asked.
    async fn carrier(busy: usize) -> (Quotes, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let answer = move || async move {
            let n = count.fetch_add(1, Ordering::Relaxed);
            if n < busy { Err(StatusCode::SERVICE_UNAVAILABLE) } else { Ok(r#"{"cents":5}"#) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = Router::new().route("/quotes/{item}", get(answer));
        tokio::spawn(async move { axum::serve(listener, service).await });
        (Quotes::from(address, &Watch::test()), asked)
    }

    #[tokio::test]
    async fn a_busy_carrier_is_asked_once_more() {
        let (quotes, asked) = carrier(1).await;
        assert_eq!(quotes.ask("tea", Visit::UNTOLD).await, Some(Quote { cents: 5 }));
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_carrier_that_stays_busy_is_let_be() {
        let (quotes, asked) = carrier(9).await;
        assert_eq!(quotes.ask("tea", Visit::UNTOLD).await, None);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_ready_carrier_is_asked_once() {
        let (quotes, asked) = carrier(0).await;
        assert_eq!(quotes.ask("tea", Visit::UNTOLD).await, Some(Quote { cents: 5 }));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}
