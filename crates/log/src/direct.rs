//! A line written straight into its buffer, as nearly all events allow it: nothing is indexed, and nothing is copied twice.

use std::error::Error;
use std::fmt;

use tracing::Event;
use tracing::field::{Field, Visit};

use crate::context::Context;
use crate::format::{LineFormat, SourceLocation};
use crate::ids_text::IdsText;
use crate::json::{self, Fit};
use crate::line::{END, EVENT_LIMIT, Style, TRUNCATED_END};
use crate::scratch::Scratch;
use crate::site::{Shape, Site};

/// Writes the line of this event, if it is of the kind: JSON, fields whose names need no second look, the message before
/// them, and neither fields of spans nor notes of an exchange between. Else nothing is done, and `None`.
///
/// The same line comes out as of [`Line`](crate::line::Line), byte for byte.
pub(crate) fn write(
    scratch: &mut Scratch,
    style: &Style,
    context: &Context,
    event: &Event<'_>,
) -> Option<()> {
    if style.format != LineFormat::Json || style.location != SourceLocation::Omitted || context.has_notes() {
        return None;
    }
    let Scratch { line, clock, sites, ids, .. } = scratch;
    let site = sites.site(event.metadata());
    if site.shape != Shape::MessageFirst {
        return None;
    }
    line.clear();
    clock.write_now(line);
    let fit = site.write(None, line);
    let mut straight = Straight { line, site, rest: Some(Rest { ids, style, context }), fit };
    event.record(&mut straight);
    straight.write_rest();
    match straight.fit {
        Fit::Whole => straight.line.extend_from_slice(END),
        Fit::Cut => straight.line.extend_from_slice(TRUNCATED_END),
    }
    Some(())
}

/// Writes each visited field where it belongs.
struct Straight<'a> {
    line: &'a mut Vec<u8>,
    site: &'a Site,
    /// What stands between the message and the fields, until it is written.
    rest: Option<Rest<'a>>,
    fit: Fit,
}

/// The ids, and the name of the service.
struct Rest<'a> {
    ids: &'a mut IdsText,
    style: &'a Style,
    context: &'a Context,
}

impl Straight<'_> {
    #[inline]
    fn put(&mut self, field: &Field, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        let [key @ .., _] = self.site.key_text(field) else {
            return self.put_message(encode);
        };
        let start = self.begin(key);
        let fit = encode(self.line);
        self.end(start, fit);
    }

    /// Writes the beginning of a field, after whatever stands before all fields; answers where it begins.
    #[inline]
    fn begin(&mut self, key: &[u8]) -> usize {
        if self.rest.is_some() {
            self.write_rest();
        }
        let start = self.line.len();
        self.line.extend_from_slice(key);
        start
    }

    #[inline]
    fn end(&mut self, start: usize, fit: Fit) {
        if fit == Fit::Cut || self.line.len() > EVENT_LIMIT {
            self.cut(start);
        }
    }

    /// What was written from here on is not whole, or finds no room.
    #[cold]
    fn cut(&mut self, start: usize) {
        self.fit = Fit::Cut;
        if self.line.len() > EVENT_LIMIT {
            self.line.truncate(start);
        }
    }

    /// Once for a line, and apart from the fields, so that these are the straight way.
    #[inline(never)]
    fn put_message(&mut self, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        self.line.extend_from_slice(b",\"message\":");
        self.fit = self.fit.and(encode(self.line));
    }

    /// Once for messages and fields.
    fn put_formatted(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let key = self.site.key_text(field);
        let start = if let [key @ .., _] = key {
            self.begin(key)
        } else {
            let start = self.line.len();
            self.line.extend_from_slice(b",\"message\":");
            start
        };
        let fit = json::debug(self.line, value);
        self.end(start, fit);
    }

    #[inline]
    fn put_whole(&mut self, field: &Field, encode: impl FnOnce(&mut Vec<u8>)) {
        self.put(field, |out| {
            encode(out);
            Fit::Whole
        });
    }

    fn write_rest(&mut self) {
        if let Some(Rest { ids, style, context }) = self.rest.take() {
            ids.write(context, self.line);
            if !style.service.is_empty() {
                self.line.extend_from_slice(&style.service);
            }
        }
    }
}

impl Visit for Straight<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put_whole(field, |out| json::float(out, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put_whole(field, |out| json::integer(out, value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put_whole(field, |out| json::integer(out, value));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.put_whole(field, |out| json::integer(out, value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put_whole(field, |out| json::integer(out, value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put_whole(field, |out| json::boolean(out, value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let key = self.site.key_text(field);
        if key.is_empty() {
            return self.put_message(|out| json::string(out, value));
        }
        let start = self.begin(key);
        let fit = json::bare(self.line, value);
        self.line.push(b'"');
        self.end(start, fit);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, |out| json::error(out, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put_formatted(field, value);
    }
}
