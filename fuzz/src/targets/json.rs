//! The line that is written for an event: one line of JSON that says what was told.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tower_telemetry_log::JsonLayer;
use tracing::subscriber::with_default;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use super::input;

/// Beyond this a value is cut.
const LONGEST: usize = 8 * 1024;

pub(crate) fn run(data: &[u8]) {
    let texts = input::texts(data);
    let text = |at: usize| texts.get(at).map_or("", String::as_str);
    let (message, own, outer) = (text(0), text(1), text(2));
    let number = f64::from_bits(data.iter().fold(0, |bits, byte| bits << 5 ^ u64::from(*byte)));
    let written = Written::default();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new(written.clone()));
    with_default(subscriber, || {
        let span = tracing::info_span!("span", outer, own = "hidden", late = tracing::field::Empty).entered();
        span.record("late", own);
        tracing::info!(own, number, debug = ?outer, "{message}");
    });

    let written = written.0.lock().unwrap();
    let (line, end) = written.split_at(written.len() - 1);
    assert_eq!(end, b"\n");
    // Whoever reads a terminal shall not be told what to do by it.
    assert!(line.iter().all(|byte| *byte >= b' ' && *byte != 0x7f), "{:?}", String::from_utf8_lossy(line));
    let fields: Value = serde_json::from_slice(line).unwrap();
    if [message, own, outer].iter().any(|text| text.len() * 6 > LONGEST) {
        return;
    }
    assert_eq!(fields["message"], message);
    assert_eq!(fields["own"], own);
    assert_eq!(fields["late"], own);
    assert_eq!(fields["outer"], outer);
    assert_eq!(fields["debug"], format!("{outer:?}"));
    let read = fields["number"].as_f64();
    assert_eq!(read.map(f64::to_bits), number.is_finite().then(|| number.to_bits()));
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
