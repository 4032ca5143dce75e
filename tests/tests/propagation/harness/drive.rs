//! The harness itself: a relay, a server for its callbacks, and a client that writes headers to the letter.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use http::HeaderMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower_telemetry::TelemetryBuilder;
use tower_telemetry_tests::{Rig, Server, soon};

/// A relay and what it posts to.
pub(crate) struct Harness {
    pub(crate) rig: Rig,
    relay: Server,
    callbacks: Server,
    seen: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

/// The context of one callback.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) trace: String,
    pub(crate) parent: String,
    pub(crate) flags: u8,
    /// Keys and values of all `tracestate` lines.
    pub(crate) state: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
}

impl Harness {
    pub(crate) async fn new() -> Self {
        Self::of(|builder| builder).await
    }

    /// With a change of mind.
    pub(crate) async fn of(change: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> Self {
        let rig = Rig::of(change);
        let seen = Arc::<Mutex<Vec<(HeaderMap, Bytes)>>>::default();
        let noting = Arc::clone(&seen);
        let callback = Router::new().fallback(move |headers: HeaderMap, body: Bytes| async move {
            noting.lock().unwrap().push((headers, body));
        });
        let relay = Server::axum(relay::app(&rig.telemetry)).await;
        Self { rig, relay, callbacks: Server::axum(callback).await, seen }
    }

    /// Sends these headers with one errand, and gives the headers of its callback.
    pub(crate) async fn relay(&self, headers: &[(&str, &str)]) -> HeaderMap {
        self.relay_times(headers, 1).await.remove(0)
    }

    /// Sends these headers with as many errands, and gives the headers of their callbacks.
    pub(crate) async fn relay_times(&self, headers: &[(&str, &str)], count: usize) -> Vec<HeaderMap> {
        let errands: Vec<_> = (0..count)
            .map(|n| serde_json::json!({"url": self.callbacks.url(&format!("/{n}")), "arguments": [n]}))
            .collect();
        let answer = self.post(headers, &serde_json::to_string(&errands).unwrap()).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        let bodies: Vec<_> = seen.iter().map(|(_, body)| body.clone()).collect();
        let arguments: Vec<_> = (0..count).map(|n| format!("[{n}]")).collect();
        assert_eq!(bodies, arguments, "every errand is run with its arguments");
        seen.into_iter().map(|(headers, _)| headers).collect()
    }

    /// Sends these headers with one errand, and gives the context of its callback.
    pub(crate) async fn send(&self, headers: &[(&str, &str)]) -> Context {
        Context::of(self.relay(headers).await)
    }

    /// Posts with the headers to the letter: casing and blanks as they stand here.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: &str) -> String {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!(
            "POST /test HTTP/1.1\r\nhost: relay\r\nconnection: close\r\ncontent-length: {}\r\n{lines}\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.relay.addr).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        soon(stream.read_to_string(&mut answer)).await.unwrap();
        answer
    }
}

impl Context {
    /// The one valid `traceparent` of these headers, with the state beside it.
    pub(crate) fn of(headers: HeaderMap) -> Self {
        let texts = |name| -> Vec<String> {
            headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
        };
        let [parent] = &texts("traceparent")[..] else { panic!("one traceparent: {headers:?}") };
        let is_hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        };
        let fields: Vec<_> = parent.split('-').collect();
        let [version, trace, span, flags] = fields[..] else { panic!("four fields: {parent}") };
        assert!(version == "00" && is_hex(trace, 32) && is_hex(span, 16) && is_hex(flags, 2), "{parent}");
        let is_zero = |id: &str| id.bytes().all(|digit| digit == b'0');
        assert!(!is_zero(trace) && !is_zero(span), "{parent}");
        let state = texts("tracestate").join(",");
        let members = state.split(',').map(|member| member.trim_matches([' ', '\t']));
        let pair = |member: &str| {
            let (key, value) = member.split_once('=').unwrap();
            (key.to_owned(), value.to_owned())
        };
        Self {
            trace: trace.to_owned(),
            parent: span.to_owned(),
            flags: u8::from_str_radix(flags, 16).unwrap(),
            state: members.filter(|member| !member.is_empty()).map(pair).collect(),
            headers,
        }
    }

    /// The value of this key in the state.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.state.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}
