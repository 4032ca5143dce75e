//! A million random events, each read back by serde_json as what was logged: without optimisation a sample of them.
//!
//! Texts stand in all places that there are: messages, fields of the event, of spans and of the exchange, targets, errors.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use http_body_util::Empty;
use serde_json::Value;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Exchange, SignalExt, current};
use tower_telemetry_log::JsonLayer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

const EVENTS: u64 = if cfg!(debug_assertions) { 30_000 } else { 1_000_000 };

/// Keeps the line before.
#[derive(Clone, Default)]
struct Last(Arc<Mutex<Vec<u8>>>);

impl io::Write for Last {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut last = self.0.lock().unwrap();
        last.clear();
        last.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Last {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// SplitMix64: the same events in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Bytes of any kind, as far as they are text; mostly short, sometimes above the limit of a value.
    fn text(&mut self, text: &mut String) {
        text.clear();
        let long = if self.next().is_multiple_of(4_096) { 9_000 } else { 0 };
        for _ in 0..self.next() % 24 + long {
            let number = self.next();
            text.push(match number % 8 {
                0..4 => char::from((number >> 8) as u8 % 95 + b' '),
                4 => char::from((number >> 8) as u8 % 32),
                5 => ['"', '\\', '\u{7f}', '\u{9b}', '\u{2028}', '\u{202e}', '\u{ffff}', 'é']
                    [(number >> 8) as usize % 8],
                6 => char::from((number >> 8) as u8),
                _ => char::from_u32((number >> 8) as u32 % 0x11_0000).unwrap_or('\u{fffd}'),
            });
        }
    }
}

/// An error with a cause.
#[derive(Debug)]
struct Failed(String, Option<Box<Failed>>);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_ref().map(|source| &**source as _)
    }
}

/// What one event was told of.
#[derive(Debug, Default)]
struct Sent {
    message: String,
    field: String,
    outer: String,
    number: i64,
    float: f64,
}

impl Sent {
    fn fill(&mut self, random: &mut Random) {
        for text in [&mut self.message, &mut self.field, &mut self.outer] {
            random.text(text);
        }
        (self.float, self.number) = (f64::from_bits(random.next()), random.next() as i64);
    }
}

/// Logs it in one of several ways; answers the texts that have to stand under these keys, and how many keys there are
/// besides `timestamp` and `level`.
fn tell(way: u64, sent: &Sent, exchange: &Exchange) -> (Vec<(&'static str, String)>, usize) {
    let Sent { message, field, outer, number, float } = sent;
    let text = |text: &str| text.to_owned();
    match way {
        // Nothing around it.
        0 => {
            tracing::info!(field, number, float, shown = %outer, "{message}");
            (vec![("message", text(message)), ("field", text(field)), ("shown", text(outer))], 7)
        }
        // A span, whose fields are hidden or recorded later.
        1 => {
            let span = tracing::info_span!("span", outer, field = "hidden", late = tracing::field::Empty);
            span.record("late", field);
            let _span = span.entered();
            tracing::info!(field, number, float, debugged = ?message, "{message}");
            let debugged = ("debugged", format!("{message:?}"));
            let told = [("message", text(message)), ("field", text(field)), ("outer", text(outer)), debugged];
            (told.into_iter().chain([("late", text(field))]).collect(), 9)
        }
        // Fields of the exchange; at most 1,024 bytes are kept there.
        2 => {
            let note: String = outer.chars().take(200).collect();
            exchange.set("note", note.clone());
            tracing::info!(field, number, float, "{message}");
            exchange.set("note", "");
            (vec![("message", text(message)), ("field", text(field)), ("note", note)], 7)
        }
        // A chain of errors.
        3 => {
            let error = Failed(text(message), Some(Box::new(Failed(text(outer), None))));
            tracing::info!(error = &error as &(dyn Error + 'static), number, float, "{field}");
            (vec![("message", text(field)), ("error", format!("{message}: {outer}"))], 6)
        }
        // A record of the `log` crate, which brings its target.
        _ => {
            tracing::event!(
                name: "log event", target: "log", tracing::Level::INFO,
                log.target = outer.as_str(), log.module_path = "a", log.line = 1_u64, number, float, "{message}"
            );
            (vec![("message", text(message)), ("target", text(outer))], 5)
        }
    }
}

fn check(line: &[u8], sent: &Sent, told: &[(&'static str, String)], keys: usize) {
    let [object @ .., b'\n'] = line else { panic!("a line ends") };
    assert!(!object.iter().any(u8::is_ascii_control));
    let read: Value = serde_json::from_slice(object).unwrap();
    let is_cut = read.get("truncated").is_some();
    for (key, sent) in told {
        let told = read.get(*key).and_then(Value::as_str).unwrap();
        assert!(told == sent || is_cut && told.len() > 1_000 && sent.starts_with(told), "{key}");
    }
    assert_eq!(read.get("number").and_then(Value::as_i64), Some(sent.number));
    let float = read.get("float").and_then(Value::as_f64).map(f64::to_bits);
    assert_eq!(float, sent.float.is_finite().then(|| sent.float.to_bits()));
    // The name of the service, the time and the level; what was cut; the note, which is empty elsewhere.
    let note = usize::from(read.get("note").is_some() && !told.iter().any(|(key, _)| *key == "note"));
    assert_eq!(read.as_object().unwrap().len(), keys + 2 + usize::from(is_cut) + note);
}

fn events(last: &Last) {
    let exchange = current().unwrap();
    let (mut random, mut sent) = (Random(1), Sent::default());
    for _ in 0..EVENTS {
        sent.fill(&mut random);
        let (told, keys) = tell(random.next() % 5, &sent, &exchange);
        check(&last.0.lock().unwrap(), &sent, &told, keys);
    }
}

#[test]
fn a_million_random_events_read_back() {
    let last = Last::default();
    let subscriber =
        tracing_subscriber::registry().with(JsonLayer::new(last.clone()).with_service_name("shop"));
    let _subscriber = tracing::subscriber::set_default(subscriber);
    let service = ().server().layer(service_fn(move |_: Request<()>| {
        events(&last);
        async { Ok::<_, Infallible>(Response::new(Empty::<&[u8]>::new())) }
    }));
    let poll = pin!(service.oneshot(Request::new(()))).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(poll, Poll::Ready(Ok(_))));
}
