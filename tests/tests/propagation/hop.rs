//! Two services, one behind the other: what the one behind sees is what the one in front sent.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{HeaderMap, Method};
use tower::{Layer, Service, ServiceExt};
use tower_telemetry_tests::{Answer, Caller, Server, request};

pub(crate) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub(crate) const PARENT: &str = "00f067aa0ba902b7";

/// A `traceparent` of the caller of these tests, with these flags.
pub(crate) fn traceparent(flags: &str) -> String {
    format!("00-{TRACE}-{PARENT}-{flags}")
}

/// A server that passes each request on to one behind it, which notes its headers.
pub(crate) struct Hop {
    pub(crate) front: Server,
    _behind: Server,
    seen: Arc<Mutex<Vec<HeaderMap>>>,
}

/// The headers that the server behind saw, as texts.
#[derive(Debug)]
pub(crate) struct Seen(HeaderMap);

impl Hop {
    /// `observe` lays its layer around the router in front; `client` is what its handler calls with.
    pub(crate) async fn new<C, B>(observe: impl FnOnce(Router) -> Router, client: C) -> Self
    where
        C: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        C::Error: std::fmt::Debug,
        C::Future: Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let seen = Arc::<Mutex<Vec<HeaderMap>>>::default();
        let noting = Arc::clone(&seen);
        let behind = Router::new().fallback(move |headers: HeaderMap| async move {
            noting.lock().unwrap().push(headers);
        });
        let behind = Server::axum(behind).await;
        let url = behind.url("/");
        let pass_on = move || async move {
            tracing::info!("inside");
            let response = client.oneshot(request(Method::GET, &url, &[])).await.unwrap();
            Body::new(response.into_body())
        };
        let app = Router::new().route("/", get(pass_on.clone())).route("/healthz", get(pass_on));
        Self { front: Server::axum(observe(app)).await, _behind: behind, seen }
    }

    /// With the front door's layers.
    pub(crate) async fn of(rig: &tower_telemetry_tests::Rig) -> Self {
        let client = rig.telemetry.http_client().layer(Caller::http1());
        Self::new(|app| app.layer(rig.telemetry.http_server()), client).await
    }

    /// Sends one request through, and gives the answer with what the server behind saw.
    pub(crate) async fn pass(&self, path: &str, headers: &[(&str, &str)]) -> (Answer, Seen) {
        let answer = Caller::of(&self.front).get_with(path, headers).await;
        assert_eq!(answer.status, 200);
        let seen = self.seen.lock().unwrap().pop().expect("the request came through");
        (answer, Seen(seen))
    }
}

impl Seen {
    /// The values of this header, as it was sent.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// Trace id, span id and flags of the one `traceparent`.
    pub(crate) fn ids(&self) -> [&str; 3] {
        let all = self.all("traceparent");
        assert_eq!(all.len(), 1, "one traceparent: {all:?}");
        let parts: Vec<_> = all[0].split('-').collect();
        assert_eq!((parts.len(), parts[0]), (4, "00"), "{all:?}");
        [parts[1], parts[2], parts[3]]
    }
}
