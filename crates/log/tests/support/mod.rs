//! A subscriber whose lines are read back.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use tower_telemetry_log::JsonLayer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// Keeps what is written, each write on its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<Vec<u8>>>>);

impl Captured {
    /// The lines written since the last call. Each must be one write, one line and one JSON object without a
    /// key twice.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.texts().into_iter().map(Line::read).collect()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let writes = std::mem::take(&mut *self.0.lock().unwrap());
        writes.into_iter().map(|write| String::from_utf8(write).unwrap()).collect()
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// One line, read.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// In the order of the line.
    pub(crate) keys: Vec<String>,
    pub(crate) fields: Map<String, Value>,
}

impl Line {
    pub(crate) fn read(text: String) -> Self {
        let object = text.strip_suffix('\n').expect("a line ends");
        assert!(!object.contains(|c: char| c.is_control()), "a control character in {object:?}");
        let fields = match serde_json::from_str(object) {
            Ok(Value::Object(fields)) => fields,
            other => panic!("{other:?}: {object}"),
        };
        let keys = keys(object);
        assert_eq!(keys.len(), fields.len(), "a key stands twice: {object}");
        Self { keys, fields, text }
    }

    /// A field as JSON text, or the empty string.
    pub(crate) fn json(&self, key: &str) -> String {
        self.fields.get(key).map(Value::to_string).unwrap_or_default()
    }

    /// The keys after the fixed ones that every line here has: timestamp, level, target.
    pub(crate) fn own_keys(&self) -> Vec<&str> {
        let (head, own) = self.keys.split_at(3);
        assert_eq!(head, ["timestamp", "level", "target"]);
        own.iter().map(String::as_str).collect()
    }
}

/// The keys of a flat object, in order and as often as they stand: a parser would fold two of a name into
/// one.
pub(crate) fn keys(object: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = object;
    while let Some(at) = rest.find('"') {
        let string = rest.split_at(at).1;
        let mut escaped = false;
        let inside = string.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let (quoted, tail) = string.split_at(inside.expect("a string ends") + 2);
        if tail.starts_with(':') {
            keys.push(serde_json::from_str(quoted).unwrap());
        }
        rest = tail;
    }
    keys
}

/// What the plain layer writes for the events of `work`.
pub(crate) fn told(work: impl FnOnce()) -> Vec<Line> {
    told_by(|layer| layer, work)
}

/// What the layer, changed by `style`, writes for the events of `work`.
pub(crate) fn told_by(
    style: impl FnOnce(JsonLayer<Captured>) -> JsonLayer<Captured>,
    work: impl FnOnce(),
) -> Vec<Line> {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::registry().with(style(JsonLayer::new(captured.clone())));
    tracing::subscriber::with_default(subscriber, work);
    captured.lines()
}

/// The texts that the layer, changed by `style`, writes for the events of `work`.
pub(crate) fn texts_by(
    style: impl FnOnce(JsonLayer<Captured>) -> JsonLayer<Captured>,
    work: impl FnOnce(),
) -> Vec<String> {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::registry().with(style(JsonLayer::new(captured.clone())));
    tracing::subscriber::with_default(subscriber, work);
    captured.texts()
}

/// The only line that `work` makes.
pub(crate) fn one(work: impl FnOnce()) -> Line {
    let mut lines = told(work);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}
