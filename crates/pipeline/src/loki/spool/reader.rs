//! Reads records of a segment, one after another.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::directory::Directory;
use super::record::{HEAD, Head};
use crate::loki::level::Lines;

/// Where the spool is read.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    file: Option<(u64, File)>,
    at: u64,
}

/// What stands at a place.
#[derive(Debug)]
pub(crate) enum Found {
    Record {
        id: u64,
        length: u64,
        at: u64,
        lines: Lines,
        body: Vec<u8>,
    },
    /// The end of what was written.
    Nothing,
    /// So many bytes that are no record.
    Damage(u64),
}

/// What is whole in a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whole {
    /// Where the last whole record ends.
    pub(crate) end: u64,
    /// The id behind it, or 0.
    pub(crate) next: u64,
}

impl Reader {
    /// Where it stands in its segment.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    /// Where it stands in this segment: at the beginning, if it is in another.
    pub(crate) fn at_of(&self, first: u64) -> u64 {
        if self.file.as_ref().is_some_and(|(open, _)| *open == first) { self.at } else { 0 }
    }

    pub(crate) fn skip(&mut self, length: u64) {
        self.at += length;
    }

    /// The record at its place in this segment, which is the oldest.
    pub(crate) fn read(&mut self, directory: &Directory, first: u64, length: u64) -> Found {
        if self.at >= length {
            return Found::Nothing;
        }
        let file = match &mut self.file {
            Some((open, file)) if *open == first => file,
            other => match directory.read(first) {
                Ok(file) => &mut other.insert((first, file)).1,
                Err(_) => return Found::Damage(length - self.at),
            },
        };
        let mut bytes = Vec::new();
        let Some((head, end)) = record(file, self.at, length, &mut bytes) else {
            return Found::Damage(length - self.at);
        };
        match head.payload(&bytes) {
            Some(payload) => {
                let (at, lines, body) = (payload.at, payload.lines, payload.body.to_vec());
                Found::Record { id: head.id, length: end - self.at, at, lines, body }
            }
            None => Found::Damage(length - self.at),
        }
    }
}

/// Visits the records from `start` on, each with its id and its lines, up to the first that is not whole.
pub(crate) fn scan(mut file: &File, start: u64, length: u64, mut visit: impl FnMut(u64, &Lines)) -> Whole {
    let mut whole = Whole { end: start, next: 0 };
    let mut bytes = Vec::new();
    while whole.end < length {
        let Some((head, end)) = record(&mut file, whole.end, length, &mut bytes) else { break };
        let Some(payload) = head.payload(&bytes) else { break };
        visit(head.id, &payload.lines);
        whole = Whole { end, next: head.id + 1 };
    }
    whole
}

/// Reads a payload, and tells where it ends.
fn record(file: &mut (impl Read + Seek), at: u64, length: u64, bytes: &mut Vec<u8>) -> Option<(Head, u64)> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut head = [0; HEAD];
    file.read_exact(&mut head).ok()?;
    let head = Head::read(head)?;
    let end = at + HEAD as u64 + head.length as u64;
    if end > length {
        return None;
    }
    bytes.resize(head.length, 0);
    file.read_exact(bytes).ok()?;
    Some((head, end))
}
