//! Lines that travel together: gathered, encoded and packed in buffers that are kept.

use std::sync::Arc;

use super::level::{LEVELS, Lines};
use super::queue::Taker;
use super::streams::Streams;
use super::wire;

/// A batch holds at most this many bytes of entries, but for one that is longer.
pub(crate) const BATCH: usize = 1024 * 1024;

/// A batch in the making, again and again.
pub(crate) struct Batch {
    streams: Arc<Streams>,
    /// The entries of each stream.
    entries: Vec<Vec<u8>>,
    lines: Lines,
    /// The stream of the line that is being taken.
    current: usize,
    raw: Vec<u8>,
    packed: Vec<u8>,
    packer: snap::raw::Encoder,
}

impl Batch {
    pub(crate) fn new(streams: Arc<Streams>) -> Self {
        Self {
            entries: vec![Vec::new(); streams.count()],
            streams,
            lines: [0; LEVELS],
            current: 0,
            raw: Vec::new(),
            packed: Vec::new(),
            packer: snap::raw::Encoder::new(),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.entries.iter_mut().for_each(Vec::clear);
        self.lines = [0; LEVELS];
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines == [0; LEVELS]
    }

    /// How many lines there are, by level.
    pub(crate) const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The batch as the body of a push: protobuf, packed as a block of snappy.
    pub(crate) fn pack(&mut self) -> &[u8] {
        let Self { streams, entries, raw, packed, packer, .. } = self;
        raw.clear();
        for (labels, entries) in streams.labels().zip(entries).filter(|(_, entries)| !entries.is_empty()) {
            wire::head(raw, wire::STREAM, wire::bytes_length(labels.len()) + entries.len());
            wire::bytes(raw, wire::LABELS, labels.as_bytes());
            raw.extend_from_slice(entries);
        }
        pack(packer, raw, packed)
    }

    fn size(&self) -> usize {
        self.entries.iter().map(Vec::len).sum()
    }
}

/// Packs a message into a buffer.
pub(crate) fn pack<'a>(packer: &mut snap::raw::Encoder, raw: &[u8], packed: &'a mut Vec<u8>) -> &'a [u8] {
    let most = snap::raw::max_compress_len(raw.len());
    if packed.len() < most {
        packed.resize(most, 0);
    }
    // Never an error: there is room, and no message is of 4 GiB.
    let length = packer.compress(raw, packed).unwrap_or_default();
    packed.get(..length).unwrap_or_default()
}

impl Taker for Batch {
    fn has_room(&self, length: usize) -> bool {
        // The first always fits: a line is far shorter than a batch.
        self.is_empty() || self.size() + length + self.streams.metadata().len() <= BATCH
    }

    fn begin(&mut self, at: u64, weight: usize, length: usize) {
        let Self { streams, entries, lines, current, .. } = self;
        *current = streams.of(weight);
        if let Some(count) = lines.get_mut(weight) {
            *count += 1;
        }
        let metadata = streams.metadata();
        if let Some(entries) = entries.get_mut(*current) {
            wire::entry(entries, at, metadata.len() + length);
            // What all lines have comes first, since nothing tells the end of a line.
            entries.extend_from_slice(metadata);
        }
    }

    fn piece(&mut self, bytes: &[u8]) {
        if let Some(entries) = self.entries.get_mut(self.current) {
            entries.extend_from_slice(bytes);
        }
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("lines", &self.lines).finish_non_exhaustive()
    }
}
