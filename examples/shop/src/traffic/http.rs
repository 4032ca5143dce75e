//! HTTP exchanges with the gateway.

use axum::body::Body;
use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use serde_json::json;
use tower::ServiceExt;
use tower_telemetry::Route;

use super::{caller::Caller, tally::Seen};

/// Paths that strangers try on every server.
const SCANNED: [&str; 8] = [
    "/wp-admin/setup-config.php",
    "/.env",
    "/.git/config",
    "/phpmyadmin/index.php",
    "/admin/login?next=%2F",
    "/cgi-bin/luci/;stok=/locale",
    "/actuator/gateway/routes",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
];

/// Methods that they try, known and unknown.
const TRIED: [&str; 8] = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACK", "BREW"];

/// When the reader of a stream leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    AtTheEnd,
    AfterOneEvent,
}

pub(super) async fn get(caller: &Caller, path: &str) -> Seen {
    whole(send(caller, Method::GET, path, Bytes::new()).await).await.0
}

pub(super) async fn head(caller: &Caller, rng: &mut Rng) -> Seen {
    let path = if rng.bool() { "/healthz".to_owned() } else { format!("/orders/{}", caller.some_order(rng)) };
    whole(send(caller, Method::HEAD, &path, Bytes::new()).await).await.0
}

pub(super) async fn order(caller: &Caller, item: &str, quantity: u32) -> Seen {
    place(caller, item, quantity).await.0
}

pub(super) async fn post(caller: &Caller, body: &'static str) -> Seen {
    whole(send(caller, Method::POST, "/orders", Bytes::from_static(body.as_bytes())).await).await.0
}

/// Delivers one of each of these items.
pub(super) async fn restock(caller: &Caller, items: &[&str]) -> Seen {
    let deliveries: Vec<_> = items.iter().map(|item| json!({ "item": item, "quantity": 1 })).collect();
    let body = serde_json::Value::from(deliveries).to_string();
    whole(send(caller, Method::POST, "/restock", body.into()).await).await.0
}

/// Any method on a path that the gateway does not have, mostly with something random in it; now and then on one that it has.
pub(super) async fn scan(caller: &Caller, rng: &mut Rng) -> Seen {
    let path = match (rng.u8(..8), SCANNED.get(rng.usize(..SCANNED.len()))) {
        (0, _) => "/orders".to_owned(),
        (1..4, Some(path)) => format!("{path}?{:x}", rng.u64(..)),
        _ => format!("/wp-admin/{:08x}.php", rng.u32(..)),
    };
    let method =
        TRIED.get(rng.usize(..TRIED.len())).and_then(|name| name.parse().ok()).unwrap_or(Method::GET);
    whole(send(caller, method, &path, Bytes::new()).await).await.0
}

/// Places an order and follows its events.
pub(super) async fn events(caller: &Caller, item: &str, leave: Leave) -> Seen {
    let (seen, Some(order)) = place(caller, item, 1).await else {
        return Seen::NoAnswer;
    };
    if seen != Seen::Http(201) {
        return seen;
    }
    let response = send(caller, Method::GET, &format!("/orders/{order}/events"), Bytes::new()).await;
    match (response, leave) {
        (Ok(mut response), Leave::AfterOneEvent) if response.status() == StatusCode::OK => {
            // Whatever came, the caller leaves now: the rest is dropped unread.
            let _ = response.body_mut().frame().await;
            Seen::Left
        }
        (response, _) => whole(response).await.0,
    }
}

/// Places an order; its number when it was accepted.
async fn place(caller: &Caller, item: &str, quantity: u32) -> (Seen, Option<u64>) {
    let body = json!({ "item": item, "quantity": quantity }).to_string();
    let (seen, headers) = whole(send(caller, Method::POST, "/orders", body.into()).await).await;
    let order = headers
        .get(header::LOCATION)
        .and_then(|location| location.to_str().ok()?.strip_prefix("/orders/")?.parse().ok());
    if let Some(order) = order {
        caller.heard_of(order);
    }
    (seen, order)
}

type Answer = Result<Response<Body>, Seen>;

async fn send(caller: &Caller, method: Method, path: &str, body: Bytes) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://{}{path}", caller.targets.gateway))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(body))
        .map_err(|_| Seen::NoAnswer)?;
    caller.visit().send(request.headers_mut());
    if let Some(template) = template(path) {
        request.extensions_mut().insert(Route::template(template));
    }
    caller.clients.http.clone().oneshot(request).await.map_err(|_| Seen::NoAnswer)
}

/// The template of the path, which a watched client tells; a scanner's paths have none.
fn template(path: &str) -> Option<&'static str> {
    match path {
        "/healthz" => Some("/healthz"),
        "/orders" => Some("/orders"),
        "/restock" => Some("/restock"),
        _ if path.starts_with("/orders/") && path.ends_with("/events") => Some("/orders/{id}/events"),
        _ if path.starts_with("/orders/") => Some("/orders/{id}"),
        _ => None,
    }
}

/// Reads the response to its end.
async fn whole(answer: Answer) -> (Seen, HeaderMap) {
    match answer {
        Err(seen) => (seen, HeaderMap::new()),
        Ok(response) => {
            let (head, body) = response.into_parts();
            let seen = match body.collect().await {
                Ok(_) => Seen::Http(head.status.as_u16()),
                Err(_) => Seen::Cut,
            };
            (seen, head.headers)
        }
    }
}
