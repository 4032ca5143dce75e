//! Half a batch, and half of that: how the one line is found that Loki refuses.

use super::batch::pack;
use super::counts::add;
use super::level::{LEVELS, Lines, weight_of_line};
use super::wire;

/// A batch laid open: its message, unpacked.
#[derive(Debug)]
pub(crate) struct Opened {
    message: Vec<u8>,
}

/// One line, with what it needs to stand in a push.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    labels: &'a [u8],
    entry: &'a [u8],
}

impl Opened {
    /// Opens the body of a push of our own; `None` if it is none.
    pub(crate) fn of(body: &[u8]) -> Option<Self> {
        Some(Self { message: snap::raw::Decoder::new().decompress_vec(body).ok()? })
    }

    /// Its lines, in order.
    pub(crate) fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries = Vec::new();
        for stream in wire::fields(&self.message).flatten().map(|(_, stream)| stream) {
            let fields = || wire::fields(stream).flatten();
            let labels = fields().find(|(key, _)| *key == wire::LABELS).map(|(_, labels)| labels);
            let lines = fields().filter(|(key, _)| *key == wire::ENTRY);
            entries.extend(lines.map(|(_, entry)| Entry { labels: labels.unwrap_or_default(), entry }));
        }
        entries
    }
}

/// The body of a push of these lines.
pub(crate) fn body(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut raw = Vec::new();
    for stream in entries.chunk_by(|one, next| one.labels == next.labels) {
        let Some(Entry { labels, .. }) = stream.first() else { continue };
        let lines: usize = stream.iter().map(|line| wire::bytes_length(line.entry.len())).sum();
        wire::head(&mut raw, wire::STREAM, wire::bytes_length(labels.len()) + lines);
        wire::bytes(&mut raw, wire::LABELS, labels);
        stream.iter().for_each(|line| wire::bytes(&mut raw, wire::ENTRY, line.entry));
    }
    let mut packed = Vec::new();
    let length = pack(&mut snap::raw::Encoder::new(), &raw, &mut packed).len();
    packed.truncate(length);
    packed
}

/// How many lines there are of each level.
pub(crate) fn count(entries: &[Entry<'_>]) -> Lines {
    let mut lines = [0; LEVELS];
    for Entry { entry, .. } in entries {
        let line = wire::fields(entry).flatten().find(|(key, _)| *key == wire::LINE);
        add(&mut lines, &super::counts::one(weight_of_line(line.map(|(_, line)| line).unwrap_or_default())));
    }
    lines
}
