//! Writes the fields that `tracing` hands over into a fragment.

use std::error::Error;
use std::fmt;

use tower_telemetry_core::names::field;
use tracing::field::{Field, Visit};

use crate::fragment::Fragment;
use crate::json::{self, Fit};
use crate::message::Message;
use crate::site::{Names, Site};

/// Encodes each visited field, in place of an earlier one of the same name.
#[derive(Debug)]
pub(crate) struct Visitor<'a> {
    fields: &'a mut Fragment,
    limit: usize,
    event: Option<OfEvent<'a>>,
}

/// What an event has and a span has not.
#[derive(Debug)]
struct OfEvent<'a> {
    site: &'a Site,
    message: &'a mut Message,
}

impl<'a> Visitor<'a> {
    /// A visitor that leaves out what would make the fragment longer than `limit` bytes.
    pub(crate) fn new(fields: &'a mut Fragment, limit: usize) -> Self {
        Self { fields, limit, event: None }
    }

    /// A visitor of an event of this site, whose message is kept apart.
    pub(crate) fn of_event(
        fields: &'a mut Fragment,
        limit: usize,
        site: &'a Site,
        message: &'a mut Message,
    ) -> Self {
        Self { fields, limit, event: Some(OfEvent { site, message }) }
    }

    #[inline]
    fn put(&mut self, field: &Field, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        let Self { fields, limit, event } = self;
        let Some(OfEvent { site, message }) = event else {
            return fields.put(field.name(), *limit, encode);
        };
        if field.name() == field::MESSAGE {
            return message.put(encode);
        }
        match site.key(field) {
            Some((key, text)) if site.names == Names::Plain => fields.put_new(key, text, *limit, encode),
            _ => fields.put(field.name(), *limit, encode),
        }
    }

    fn put_whole(&mut self, field: &Field, encode: impl FnOnce(&mut Vec<u8>)) {
        self.put(field, |out| {
            encode(out);
            Fit::Whole
        });
    }
}

impl Visit for Visitor<'_> {
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
        self.put(field, |out| json::string(out, value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, |out| json::error(out, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, |out| json::debug(out, value));
    }
}
