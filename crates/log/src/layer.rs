//! The layer that writes one line of JSON for each event.

use std::fmt;
use std::io::Write as _;

use tower_telemetry_core::{Scope, TraceIds};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

use crate::access;
use crate::active_span::ActiveSpan;
use crate::context::Context;
use crate::direct;
use crate::format::{LineFormat, SourceLocation};
use crate::fragment::SPAN_LIMIT;
use crate::json;
use crate::kept::{Kept, scope_of};
use crate::line::{LINE_LIMIT, Line, Style};
use crate::lost::LostLines;
use crate::scratch::{self, Scratch};
use crate::sink::Sink;
use crate::visitor::Visitor;

/// A [`Layer`] that writes each event as one JSON object on one line. See the [crate] for its shape.
///
/// It stands on a [`Registry`](tracing_subscriber::Registry), in any order with other layers; several may
/// write to different places. It emits no events and holds no lock while it calls a field's `Debug` or the
/// writer.
///
/// A line is given to the writer in one `write_all`. A write that fails loses the line and is
/// [counted](Self::lost_lines); nothing else happens, since a full disk must not fail a request. A clone
/// writes to a clone of the writer and shares the count.
#[derive(Clone)]
pub struct JsonLayer<W> {
    pub(crate) make_writer: W,
    pub(crate) style: Style,
    pub(crate) active_span: ActiveSpan,
    pub(crate) lost: LostLines,
    pub(crate) sink: Sink,
}

impl<W> JsonLayer<W> {
    /// A layer that writes where `make_writer` says: [`std::io::stdout`] and alike, a `Mutex<File>`, or
    /// anything else that is a [`MakeWriter`].
    #[must_use]
    pub fn new(make_writer: W) -> Self {
        Self {
            make_writer,
            style: Style::default(),
            active_span: ActiveSpan::default(),
            lost: LostLines::default(),
            sink: Sink::default(),
        }
    }

    /// Tells `service.name` on each line.
    #[must_use]
    pub fn with_service_name(mut self, name: &str) -> Self {
        self.style.service.clear();
        self.style.service.extend_from_slice(b",\"service.name\":");
        // A name too long for a value is cut for every line alike: no line is less whole than another.
        let _ = json::string(&mut self.style.service, name);
        self
    }

    /// Tells where in the source each event stands, or does not (the default).
    #[must_use]
    pub fn with_source_location(mut self, location: SourceLocation) -> Self {
        self.style.location = location;
        self
    }

    /// Writes lines in this format; [`LineFormat::Json`] by default.
    #[must_use]
    pub fn with_format(mut self, format: LineFormat) -> Self {
        self.style.format = format;
        self
    }

    /// Asks this for the span that is active on the thread, as OpenTelemetry sees it.
    ///
    /// Where it is of the line's trace, its id is the line's `span_id`, so that a line and a log record that
    /// OpenTelemetry exports name the same span. Where the line has no trace, its ids are the line's.
    #[must_use]
    pub fn with_active_span(mut self, ask: fn() -> Option<TraceIds>) -> Self {
        self.active_span = ActiveSpan::by(ask);
        self
    }

    /// The count of lines that could not be written, to be kept after the layer is given away.
    #[must_use]
    pub fn lost_lines(&self) -> LostLines {
        self.lost.clone()
    }
}

impl<S, W> Layer<S> for JsonLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        let mut fields = scratch::fragment();
        attributes.record(&mut Visitor::new(&mut fields, SPAN_LIMIT));
        keep(Kept { scope: Scope::current(), fields }, id, &context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: layer::Context<'_, S>) {
        // Encoded before the span's extensions are locked: a value whose `Debug` logs comes back to read
        // them.
        let mut fields = scratch::fragment();
        values.record(&mut Visitor::new(&mut fields, SPAN_LIMIT));
        keep(Kept { scope: Scope::NOBODY, fields }, id, &context);
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        let told = scratch::with(|scratch| {
            let is_in_span = || context.event_span(event).is_some();
            let is_told = self.sink.is_absent()
                && access::write(scratch, &self.style, self.active_span, event.metadata(), is_in_span);
            if is_told {
                return self.make_writer.make_writer_for(event.metadata()).write_all(&scratch.line).is_ok();
            }
            let within = Context::new(scope_of(event, &context), self.active_span);
            let is_direct = !has_span_fields(event, &context)
                && direct::write(scratch, &self.style, &within, event).is_some();
            if is_direct {
                self.sink.tell_written(scratch, &self.style, &within, event.metadata());
                return self.make_writer.make_writer_for(event.metadata()).write_all(&scratch.line).is_ok();
            }
            let Scratch { event: fields, message, sites, .. } = &mut *scratch;
            fields.clear();
            message.clear();
            let site = sites.site(event.metadata());
            event.record(&mut Visitor::of_event(fields, LINE_LIMIT, site, message));

            let write = |scratch: &mut Scratch, style: &Style| {
                let mut line = Line::begin(scratch, style, &within, event.metadata());
                for span in context.event_scope(event).into_iter().flatten() {
                    if let Some(kept) = span.extensions().get::<Kept>() {
                        line.inherit(&kept.fields);
                    }
                }
                line.finish();
            };
            self.sink.tell(scratch, &self.style, &within, event.metadata(), write);
            self.make_writer.make_writer_for(event.metadata()).write_all(&scratch.line).is_ok()
        });
        if told != Some(true) {
            self.lost.add(1);
        }
    }

    fn on_close(&self, id: Id, context: layer::Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let kept = span.extensions_mut().remove::<Kept>();
        if let Some(Kept { scope: _, fields }) = kept {
            scratch::recycle(fields);
        }
    }
}

impl<W> fmt::Debug for JsonLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { make_writer: _, style, active_span, lost, sink } = self;
        f.debug_struct("JsonLayer")
            .field("style", style)
            .field("active_span", active_span)
            .field("lost", lost)
            .field("sink", sink)
            .finish_non_exhaustive()
    }
}

/// Whether a span around the event has fields that its line tells.
fn has_span_fields<S>(event: &Event<'_>, context: &layer::Context<'_, S>) -> bool
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    context
        .event_scope(event)
        .into_iter()
        .flatten()
        .any(|span| span.extensions().get::<Kept>().is_some_and(|kept| !kept.fields.entries().is_empty()))
}

/// Writes these fields over those that the span has. Two JSON layers in one subscriber share what is kept of a
/// span: what the second brings is the same.
fn keep<S>(newer: Kept, id: &Id, context: &layer::Context<'_, S>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if (!newer.fields.entries().is_empty() || !newer.scope.is_nobody())
        && let Some(span) = context.span(id)
    {
        let mut extensions = span.extensions_mut();
        match extensions.get_mut::<Kept>() {
            Some(standing) => standing.fields.overwrite(&newer.fields, SPAN_LIMIT),
            None => return extensions.insert(newer),
        }
    }
    scratch::recycle(newer.fields);
}
