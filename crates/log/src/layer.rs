//! The layer that writes one line of JSON for each event.

use std::fmt;
use std::io::Write as _;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

use crate::context::Context;
use crate::fragment::{Fragment, SPAN_LIMIT};
use crate::json;
use crate::line::{LINE_LIMIT, Line, Style};
use crate::lost::LostLines;
use crate::scratch;
use crate::visitor::Visitor;

/// Whether a line tells the file and the line number of its event's call site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceLocation {
    /// It does not.
    #[default]
    Omitted,
    /// As `code.file.path` and `code.line.number`, the names of the OpenTelemetry semantic conventions.
    Included,
}

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
    make_writer: W,
    style: Style,
    lost: LostLines,
}

impl<W> JsonLayer<W> {
    /// A layer that writes where `make_writer` says: [`std::io::stdout`] and alike, a `Mutex<File>`, or
    /// anything else that is a [`MakeWriter`].
    #[must_use]
    pub fn new(make_writer: W) -> Self {
        Self { make_writer, style: Style::default(), lost: LostLines::default() }
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
        keep(fields, id, &context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: layer::Context<'_, S>) {
        // Encoded before the span's extensions are locked: a value whose `Debug` logs comes back to read
        // them.
        let mut fields = scratch::fragment();
        values.record(&mut Visitor::new(&mut fields, SPAN_LIMIT));
        keep(fields, id, &context);
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        let told = scratch::with(|scratch| {
            scratch.event.clear();
            event.record(&mut Visitor::new(&mut scratch.event, LINE_LIMIT));

            let exchange = Context::current();
            let mut line = Line::begin(scratch, &self.style, &exchange, event.metadata());
            for span in context.event_scope(event).into_iter().flatten() {
                if let Some(fields) = span.extensions().get::<Fragment>() {
                    line.inherit(fields);
                }
            }
            line.finish();
            self.make_writer.make_writer_for(event.metadata()).write_all(&scratch.line).is_ok()
        });
        if told != Some(true) {
            self.lost.add();
        }
    }

    fn on_close(&self, id: Id, context: layer::Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let fields = span.extensions_mut().remove::<Fragment>();
        if let Some(fields) = fields {
            scratch::recycle(fields);
        }
    }
}

impl<W> fmt::Debug for JsonLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { make_writer: _, style, lost } = self;
        f.debug_struct("JsonLayer").field("style", style).field("lost", lost).finish_non_exhaustive()
    }
}

/// Writes these fields over those that the span has. Two JSON layers in one subscriber share a span's fields:
/// what the second brings is the same.
fn keep<S>(fields: Fragment, id: &Id, context: &layer::Context<'_, S>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if !fields.entries().is_empty()
        && let Some(span) = context.span(id)
    {
        let mut extensions = span.extensions_mut();
        match extensions.get_mut::<Fragment>() {
            Some(standing) => standing.overwrite(&fields, SPAN_LIMIT),
            None => return extensions.insert(fields),
        }
    }
    scratch::recycle(fields);
}
