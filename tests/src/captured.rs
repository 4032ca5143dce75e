//! Log lines, read back.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use tracing_subscriber::fmt::MakeWriter;

/// Keeps the lines that are written to it.
#[derive(Clone, Debug, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Everything that was written, as it was written.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).expect("lines are UTF-8")
    }

    /// The lines so far; each must be one JSON object.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.text().lines().map(Line::read).collect()
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
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

/// One log line.
#[derive(Clone, Debug)]
pub struct Line(Map<String, Value>);

impl Line {
    fn read(text: &str) -> Self {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Self(fields),
            other => panic!("a line is one JSON object, not {other:?}: {text}"),
        }
    }

    /// A field, if the line has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// A field that is text, if the line has it.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// Takes a field out of the line, if the line has it.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// Trace id, span id and request id, as far as the line has them.
    #[must_use]
    pub fn ids(&self) -> [Option<&str>; 3] {
        ["trace_id", "span_id", "request_id"].map(|key| self.text(key))
    }
}
