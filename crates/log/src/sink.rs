//! Where finished lines go besides the writer, with what a store keeps apart from the text.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tower_telemetry_core::{RequestId, TraceIds};
use tracing::{Level, Metadata};

use crate::context::Context;
use crate::format::LineFormat;
use crate::layer::JsonLayer;
use crate::line::Style;
use crate::scratch::Scratch;

/// Takes each line that a [`JsonLayer`] tells, on the thread that logs: it may copy, and should not wait.
///
/// A line that is told from within [`tell`](Self::tell) goes its way as any other, so a sink should not log.
pub trait LineSink: Send + Sync + 'static {
    /// Takes a line.
    fn tell(&self, line: &ToldLine<'_>);
}

/// A line for a store that keeps ids, route and service apart from its text.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ToldLine<'a> {
    /// The level of the event.
    pub level: Level,
    /// When the event happened, since 1970, as the line says it.
    pub at: Duration,
    /// The JSON object as two pieces that follow one another, without an end of line.
    ///
    /// It is the line as it is written, but for ids and `service.name`.
    pub json: [&'a [u8]; 2],
    /// What the line tells as `trace_id` and `span_id`.
    pub ids: Option<&'a TraceIds>,
    /// What the line tells as `request_id`.
    pub request_id: Option<&'a RequestId>,
    /// What the line tells as `linked_trace_id`.
    pub linked: Option<&'a TraceIds>,
    /// The route of the exchange, where one is known by now.
    pub route: Option<&'static str>,
}

impl<W> JsonLayer<W> {
    /// Gives each line to this sink as well, as JSON also where another format is written.
    #[must_use]
    pub fn with_sink(mut self, sink: Arc<dyn LineSink>) -> Self {
        self.sink = Sink(Some(sink));
        self
    }
}

/// The sink of a layer, if it has one.
#[derive(Clone, Default)]
pub(crate) struct Sink(Option<Arc<dyn LineSink>>);

impl Sink {
    /// Has the line written in this style, to stand in the scratch, after it was told in JSON where there is a sink.
    pub(crate) fn tell(
        &self,
        scratch: &mut Scratch,
        style: &Style,
        context: &Context,
        metadata: &Metadata<'_>,
        write: impl Fn(&mut Scratch, &Style),
    ) {
        let Some(sink) = &self.0 else { return write(scratch, style) };
        if style.format == LineFormat::Json {
            write(scratch, style);
            return sink.tell(&ToldLine::of(scratch, style.service.len(), context, metadata));
        }
        // First, since a line for people takes out of the event what its form says by itself.
        write(scratch, &Style { service: Vec::new(), location: style.location, format: LineFormat::Json });
        sink.tell(&ToldLine::of(scratch, 0, context, metadata));
        write(scratch, style);
    }
}

impl<'a> ToldLine<'a> {
    /// The line that stands in the scratch, in JSON; `service` is how many bytes the service takes on it.
    fn of(scratch: &'a Scratch, service: usize, context: &'a Context, metadata: &Metadata<'_>) -> Self {
        // Ids and service stand side by side.
        let ids = scratch.ids.place();
        let line = scratch.line.strip_suffix(b"\n").unwrap_or(&scratch.line);
        let json = [line.get(..ids.start), line.get(ids.end + service..)];
        Self {
            level: *metadata.level(),
            at: scratch.clock.told(),
            json: json.map(Option::unwrap_or_default),
            ids: context.ids(),
            request_id: context.request_id(),
            linked: context.linked(),
            route: context.route(),
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Sink" } else { "no sink" })
    }
}
