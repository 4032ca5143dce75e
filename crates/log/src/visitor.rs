//! Writes the fields that `tracing` hands over into a fragment.

use std::error::Error;
use std::fmt;

use tracing::field::{Field, Visit};

use crate::fragment::Fragment;
use crate::json::{self, Fit};

/// Encodes each visited field, in place of an earlier one of the same name.
#[derive(Debug)]
pub(crate) struct Visitor<'a> {
    fields: &'a mut Fragment,
    limit: usize,
}

impl<'a> Visitor<'a> {
    /// A visitor that leaves out what would make the fragment longer than `limit` bytes.
    pub(crate) fn new(fields: &'a mut Fragment, limit: usize) -> Self {
        Self { fields, limit }
    }

    fn put(&mut self, field: &Field, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        self.fields.put(field.name(), self.limit, encode);
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
