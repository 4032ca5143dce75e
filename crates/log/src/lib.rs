//! The log window: JSON lines that carry trace_id, span_id and request_id, at no allocation.
//!
//! [`JsonLayer`] turns each `tracing` event into one JSON object on one line:
//!
//! ```
//! use tower_telemetry_log::JsonLayer;
//! use tracing_subscriber::prelude::*;
//!
//! # let subscriber =
//! tracing_subscriber::registry().with(JsonLayer::new(std::io::stdout).with_service_name("shop"))
//! # ;
//! # tracing::subscriber::with_default(subscriber, || tracing::info!(order = 7, "accepted"));
//! // .init();
//! // tracing::info!(order = 7, "accepted");
//! ```
//!
//! ```json
//! {"timestamp":"2026-03-01T08:05:09.000042Z","level":"INFO","target":"shop::orders","message":"accepted",
//!  "trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331",
//!  "request_id":"01890a5d-ac96-774b-bcce-b302099a8057","service.name":"shop","order":7}
//! ```
//!
//! # The line
//!
//! The keys stand in this order, flat, each at most once:
//!
//! | key | value |
//! |---|---|
//! | `timestamp` | RFC 3339, UTC, microseconds |
//! | `level` | `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` |
//! | `target` | the event's target; for records of the `log` crate theirs |
//! | `message` | the event's message, if it has one |
//! | `trace_id`, `span_id`, `request_id` | those of the exchange that the event [belongs to](#whose-line-it-is), sampled or not |
//! | `linked_trace_id` | the trace of whoever asked for the work, where the work has a trace of its own |
//! | `service.name` | if one was given |
//! | `code.file.path`, `code.line.number` | if [asked for](SourceLocation) |
//! | the exchange's own attributes and labels | as written by the handler |
//! | fields of the spans around the event | from the outermost inwards |
//! | fields of the event | |
//! | `truncated` | `true`, only if something did not fit |
//!
//! The last write of a key wins: the event's field over a span's, an inner span's over an outer one's, a
//! later `Span::record` over an earlier. The keys of the table's first part belong to the line: a field named
//! `level` or `message` on a span is dropped, and a field named `trace_id` within an exchange that has one.
//! Outside an exchange such a field is kept, so programs with ids of their own keep theirs.
//!
//! Numbers and truth values stay what they are (NaN and the infinities are `null`, which is all that JSON has
//! for them); errors become one string with their sources, joined by `": "`; everything else is a string.
//!
//! # Whose line it is
//!
//! An event belongs to the first of these that there is:
//!
//! 1. the exchange, or other work, that its explicit parent (`info!(parent: &span, ..)`) or the nearest span around
//!    that was made in;
//! 2. the one that is current on its thread;
//! 3. the one that the nearest span around it was made in.
//!
//! So a task that was spawned within a span of the exchange tells its ids. With every span filtered off (the third
//! knows only spans that pass the layer's filters), the thread alone remains: carry the exchange with
//! `.in_exchange()`, which costs less than a span in any case. A span keeps its exchange's card as long as it lives.
//!
//! `span_id` is that of the [active span](JsonLayer::with_active_span) where it is of the same trace, else the
//! exchange's own.
//!
//! # What cannot happen
//!
//! - A value cannot end the line, open another or drive a terminal: control characters (C0, DEL, C1, so every
//!   ANSI sequence), Unicode's line separators and bidirectional marks and overrides are escaped as `\u00XX`.
//! - A value above 8 KiB is cut between characters. A span keeps at most 16 KiB of fields, a line is at most
//!   64 KiB: what does not fit is left out, from the outermost span inwards, and the line says
//!   `"truncated":true`.
//! - A `Debug` that logs, or one that panics, cannot disturb the line that tells it; the panic goes no
//!   further, and the value ends in `<panicked>`.
//! - A writer that fails cannot fail the caller. The line is lost and [counted](LostLines).
//!
//! # Where lines go
//!
//! Anything that is a [`MakeWriter`](tracing_subscriber::fmt::MakeWriter): standard output, locked once for a line;
//! [`NonBlocking`], a thread of its own behind a bounded buffer; a `LogFile` that rotates (feature `file`). For people
//! [`LineFormat::Coloured`] writes shorter lines.
//!
//! # Cost
//!
//! No allocation for an event once a thread's buffers have grown to their size. A span's fields are encoded
//! once, when they are recorded, into a buffer taken from a pool; a span with fields, or within an exchange, costs
//! the registry one allocation.
//!
//! An access line is an event, with its fields for every layer. Where the JSON layer is all that listens, and it is known to
//! be ([`JsonLayer::alone_behind`]), the line is written without one.

mod access;
mod active_span;
mod belonging;
mod context;
mod decimal;
mod direct;
mod exception;
mod format;
mod fragment;
mod ids_text;
mod inherited;
mod json;
mod kept;
mod key;
mod layer;
mod line;
mod lost;
mod message;
mod origin;
mod pretty;
mod scratch;
mod sink;
mod site;
mod suspects;
mod text;
mod timestamp;
mod visitor;
mod writer;

pub use access::{
    ACCESS_TARGET, AccessRule, AccessRules, LogContext, LogContextLayer, LogContextObserver, Tell,
};
pub use belonging::Belonging;
pub use exception::EXCEPTION_TARGET;
pub use format::{LineFormat, SourceLocation};
pub use layer::JsonLayer;
pub use lost::LostLines;
pub use sink::{LineSink, ToldLine};
pub use writer::{Flush, NonBlocking};
#[cfg(feature = "file")]
pub use writer::{LogFile, LogFileError, RollingFile, Rotation};
