//! A million random events, each read back by serde_json as what was logged: without optimisation a sample of them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
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

#[test]
fn a_million_random_events_read_back() {
    let last = Last::default();
    let subscriber =
        tracing_subscriber::registry().with(JsonLayer::new(last.clone()).with_service_name("shop"));
    let _subscriber = tracing::subscriber::set_default(subscriber);
    let mut random = Random(1);
    let (mut message, mut field, mut outer) = (String::new(), String::new(), String::new());
    for _ in 0..EVENTS {
        random.text(&mut message);
        random.text(&mut field);
        random.text(&mut outer);
        let (float, number) = (f64::from_bits(random.next()), random.next() as i64);
        {
            let _span = tracing::info_span!("span", outer, field = "hidden").entered();
            tracing::info!(field, number, float, shown = %outer, "{message}");
        }
        let line = last.0.lock().unwrap();
        let [object @ .., b'\n'] = line.as_slice() else { panic!("a line ends") };
        assert!(!object.iter().any(u8::is_ascii_control));
        let read: Value = serde_json::from_slice(object).unwrap();
        let is_cut = read.get("truncated").is_some();
        for (key, sent) in [("message", &message), ("field", &field), ("outer", &outer), ("shown", &outer)] {
            let told = read.get(key).and_then(Value::as_str).unwrap();
            assert!(told == sent || is_cut && told.len() > 1_000 && sent.starts_with(told), "{key}");
        }
        assert_eq!(read.get("number").and_then(Value::as_i64), Some(number));
        let told = read.get("float").and_then(Value::as_f64).map(f64::to_bits);
        assert_eq!(told, float.is_finite().then(|| float.to_bits()));
        assert_eq!(read.as_object().unwrap().len(), 10 + usize::from(is_cut));
    }
}
