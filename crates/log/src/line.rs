//! One line: the fixed fields first, then those of the spans from the outermost inwards, then those of the
//! event.

use tower_telemetry_core::names::field;
use tracing::Metadata;

use crate::context::Context;
use crate::format::{LineFormat, SourceLocation};
use crate::fragment::{Entry, Fragment};
use crate::json::Fit;
use crate::key::{Key, KeySet};
use crate::origin::Origin;
use crate::pretty::Pretty;
use crate::scratch::Scratch;
use crate::site::Names;

/// The most bytes of a line, its end included. Loki takes 256 KB, most collectors 64 KiB and more.
pub(crate) const LINE_LIMIT: usize = 64 * 1024;

/// Where the fields end at the latest, so that the end finds room.
pub(crate) const EVENT_LIMIT: usize = LINE_LIMIT - TRUNCATED_END.len();

/// Where the event stands in the source, by the names of the OpenTelemetry semantic conventions.
const CODE_FILE_PATH: &str = "code.file.path";
const CODE_LINE_NUMBER: &str = "code.line.number";
/// Says that something was cut or left out.
const TRUNCATED: &str = "truncated";

/// What a line ends with if something was cut or left out; the room for it is kept free.
pub(crate) const TRUNCATED_END: &[u8] = b",\"truncated\":true}\n";
pub(crate) const END: &[u8] = b"}\n";

/// What is the same for every line of a layer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    /// `,"service.name":"..."`, or empty.
    pub(crate) service: Vec<u8>,
    pub(crate) location: SourceLocation,
    pub(crate) format: LineFormat,
}

/// A line in the making. The event's own fields stand encoded in `scratch.event`.
///
/// Room is given to the fixed fields, the event's, then the spans' from the innermost outwards: what is
/// nearest to the event is told first when not all of it can be.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    scratch: &'a mut Scratch,
    style: &'a Style,
    context: &'a Context,
    /// How many bytes the fields of the spans may take together.
    room: usize,
    fit: Fit,
}

impl<'a> Line<'a> {
    /// Writes the fixed fields.
    pub(crate) fn begin(
        scratch: &'a mut Scratch,
        style: &'a Style,
        context: &'a Context,
        metadata: &'static Metadata<'static>,
    ) -> Self {
        let Scratch { event, message, inherited, line, clock, sites, ids, .. } = &mut *scratch;
        let site = sites.site(metadata);
        inherited.clear();
        line.clear();
        let origin = Origin::of(metadata, event);
        let mut fit = Fit::Whole;
        let pretty = Pretty::of(style.format);
        clock.write_now(line);
        if let Some(pretty) = pretty {
            fit = pretty.begin(line, metadata, &origin, event, message, style.location);
        } else {
            fit = fit.and(site.write(origin.target, line));
            if let Some((message, message_fit)) = message.value() {
                line.extend_from_slice(b",\"message\":");
                line.extend_from_slice(message);
                fit = fit.and(message_fit);
            }
            ids.write(context, line);
            line.extend_from_slice(&style.service);
            if style.location == SourceLocation::Included {
                fit = fit.and(origin.write_location(metadata, line));
            }
        }

        let from_log = origin.from_log;
        let mut room = LINE_LIMIT.saturating_sub(line.len() + TRUNCATED_END.len());
        // Nearly every event: nothing to leave out, and room for all.
        if site.names == Names::Plain
            && pretty.is_none()
            && let Some(rest) = event.whole().and_then(|bytes| room.checked_sub(bytes.len()))
        {
            return Self { scratch, style, context, room: rest, fit };
        }
        for entry in event.entries_mut() {
            let is_told = pretty.is_some_and(|pretty| pretty.tells(metadata.target(), entry.key.name));
            let is_origin = from_log && entry.key.name.starts_with("log.");
            if is_fixed(entry.key, style, context) || is_told || is_origin {
                entry.erase();
            } else if let Some(rest) = room.checked_sub(entry.len()) {
                room = rest;
                fit = fit.and(entry.fit);
            } else {
                entry.erase();
                fit = Fit::Cut;
            }
        }
        Self { scratch, style, context, room, fit }
    }

    /// Adds the fields of the next span outwards.
    pub(crate) fn inherit(&mut self, span: &Fragment) {
        let Self { scratch, style, context, room, fit } = self;
        let Scratch { event, inherited, .. } = &mut **scratch;
        let taken =
            inherited.take_over(span, *room, |key| event.contains(key) || is_fixed(key, style, context));
        *fit = fit.and(taken);
    }

    /// Adds the notes of the exchange, which is around every span, and the end. The line then stands in the
    /// scratch.
    pub(crate) fn finish(mut self) {
        self.scratch.notes.clear();
        self.context.read_notes(&mut self.scratch.notes, LINE_LIMIT);
        if !self.scratch.notes.entries().is_empty() {
            let notes = std::mem::take(&mut self.scratch.notes);
            self.inherit(&notes);
            self.scratch.notes = notes;
        }

        let Self { scratch: Scratch { event, inherited, line, .. }, fit, style, context, .. } = self;
        if fit == Fit::Cut {
            inherited.erase(TRUNCATED);
            event.entries_mut().iter_mut().filter(|entry| entry.key.name == TRUNCATED).for_each(Entry::erase);
        }
        if let Some(pretty) = Pretty::of(style.format) {
            return pretty.finish(line, inherited, event, context, fit);
        }
        inherited.copy(line);
        match event.whole() {
            Some(bytes) => line.extend_from_slice(bytes),
            None => event.copy(event.entries(), line),
        }
        line.extend_from_slice(if fit == Fit::Cut { TRUNCATED_END } else { END });
    }
}

/// Every key that the line may tell itself, to pass over most others at one glance.
const FIXED: KeySet = KeySet::of(FIXED_NAMES);
const FIXED_NAMES: [&str; 11] = [
    field::TIMESTAMP,
    field::LEVEL,
    field::TARGET,
    field::MESSAGE,
    field::TRACE_ID,
    field::SPAN_ID,
    field::REQUEST_ID,
    field::LINKED_TRACE_ID,
    field::SERVICE_NAME,
    CODE_FILE_PATH,
    CODE_LINE_NUMBER,
];

/// Whether there are lines that tell this key themselves. Not the message, which is no field of an event.
pub(crate) fn is_ever_fixed(key: Key) -> bool {
    let is_own = FIXED_NAMES.contains(&key.name) && key.name != field::MESSAGE;
    is_own || key.name == TRUNCATED || key.name.starts_with("log.")
}

/// Whether the line itself tells this key, so that a user's field of that name may not.
fn is_fixed(key: Key, style: &Style, context: &Context) -> bool {
    FIXED.may_have(key)
        && match key.name {
            field::TIMESTAMP | field::LEVEL | field::TARGET | field::MESSAGE => true,
            field::SERVICE_NAME => !style.service.is_empty(),
            CODE_FILE_PATH | CODE_LINE_NUMBER => style.location == SourceLocation::Included,
            name => context.owns(name),
        }
}
