//! What access lines say, told to the ledger on their way out.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde_json::Value;
use tower_telemetry::{
    core::names::{
        attribute::{
            ENDING, ERROR_TYPE, HTTP_RESPONSE_STATUS_CODE, HTTP_ROUTE, RPC_METHOD, RPC_STATUS_CODE,
            URL_TEMPLATE, VERDICT,
        },
        field::{DURATION_MS, REQUEST_ID, SPAN_ID, TARGET, TRACE_ID},
    },
    log::ACCESS_TARGET,
};
use tower_telemetry_testing::{ExchangeKey, Ledger, Sentence, Source};
use tracing_subscriber::fmt::MakeWriter;

use super::spans::{ending, verdict};

/// Makes the writer of each log line.
#[derive(Debug)]
pub(crate) struct Lines {
    ledger: Ledger,
    seen: Seen,
}

/// Whether somebody reads the lines.
#[derive(Debug, Clone, Copy)]
enum Seen {
    OnStdout,
    ByNobody,
}

impl Lines {
    pub(crate) fn to_stdout(ledger: Ledger) -> Self {
        Self { ledger, seen: Seen::OnStdout }
    }

    /// The live view has the terminal to itself.
    pub(crate) fn unseen(ledger: Ledger) -> Self {
        Self { ledger, seen: Seen::ByNobody }
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { lines: self }
    }
}

/// Writes one line; it comes whole.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    lines: &'a Lines,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some((key, sentence)) = read(line) {
            self.lines.ledger.note(Source::Log, key, sentence);
        }
        match self.lines.seen {
            Seen::OnStdout => io::stdout().lock().write_all(line)?,
            Seen::ByNobody => {}
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

/// What an access line says; `None` for any other.
fn read(line: &[u8]) -> Option<(ExchangeKey, Sentence)> {
    let line: Value = serde_json::from_slice(line).ok()?;
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    if text(TARGET) != Some(ACCESS_TARGET) {
        return None;
    }
    let key = ExchangeKey::from_hex(text(TRACE_ID)?, text(SPAN_ID)?)?;
    let mut sentence = Sentence::new()
        .route(text(HTTP_ROUTE).or_else(|| text(URL_TEMPLATE)).or_else(|| text(RPC_METHOD)))
        .grpc(text(RPC_STATUS_CODE))
        .error_type(text(ERROR_TYPE))
        .verdict(verdict(text(VERDICT)?)?)
        .ending(ending(text(ENDING)?)?)
        .duration(Duration::try_from_secs_f64(line.get(DURATION_MS)?.as_f64()? / 1e3).ok()?)
        .request_id(text(REQUEST_ID));
    if text(RPC_METHOD).is_none() {
        let status = line.get(HTTP_RESPONSE_STATUS_CODE).and_then(Value::as_u64);
        sentence = sentence.status(status.and_then(|status| u16::try_from(status).ok()));
    }
    Some((key, sentence))
}
