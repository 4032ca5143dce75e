//! Batches on disk, until Loki has them: a queue in files that survives the process.
//!
//! Every batch is written before it is pushed, so that an end without warning loses no more than what was told since
//! the last look at the queue. What is pushed before half a second is over is never forced to the disk.

mod directory;
mod reader;
mod record;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use self::directory::Directory;
use self::reader::{Found, Reader};
use self::record::{HEAD, PREFIX};
use super::counts::{Reason, SpoolCounts, add};
use super::level::{LEVELS, Lines};
use super::queue::Queue;

/// How large a segment grows, and all of them together.
const SEGMENT: u64 = 16 * 1024 * 1024;
pub(crate) const CAPACITY: u64 = 1024 * 1024 * 1024;
/// What is older is dropped: Loki refuses lines of more than seven days.
const OLDEST: u64 = 6 * 24 * 60 * 60;
/// A segment that is all done is kept to be written on, up to this size.
const KEPT: u64 = 1024 * 1024;

/// The time since 1970; a test has its own.
pub(crate) type Wall = Arc<dyn Fn() -> Duration + Send + Sync>;

/// What the machine gives to a spool; a simulation gives less.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) wall: Wall,
    /// Forces what was written to the disk, which takes its time.
    pub(crate) force: fn(&File) -> io::Result<()>,
}

/// A batch as it is on its way.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) id: u64,
    pub(crate) lines: Lines,
    pub(crate) body: Vec<u8>,
}

/// The queue of batches.
pub(crate) struct Spool {
    directory: Directory,
    /// Oldest first; the last is written on while there is a writer.
    segments: VecDeque<Segment>,
    writer: Option<File>,
    reader: Reader,
    /// The id of the next batch; ids below `done` need no push any more; those from `own` on are of this process.
    next: u64,
    done: u64,
    own: u64,
    /// The batch on its way, and how long its record is.
    sending: Option<(u64, u64)>,
    is_synced: bool,
    is_told: bool,
    capacity: u64,
    host: Host,
    queue: Arc<Queue>,
}

#[derive(Clone, Copy, Debug)]
struct Segment {
    first: u64,
    length: u64,
}

impl Spool {
    /// Opens the spool of an earlier process, or a new one. The end of a write that was cut short is cut off.
    pub(crate) fn open(path: PathBuf, capacity: u64, host: Host, queue: Arc<Queue>) -> io::Result<Self> {
        let mut directory = Directory::open(path)?;
        let done = directory.position();
        let mut segments = VecDeque::new();
        for first in directory.segments()? {
            let length = directory.read(first)?.metadata()?.len();
            segments.push_back(Segment { first, length });
        }
        let mut next = done;
        if let Some(last) = segments.back_mut() {
            let whole = reader::scan(&directory.read(last.first)?, 0, last.length, |_, _| {});
            next = next.max(last.first).max(whole.next);
            if whole.end < last.length {
                queue.count(|counts| counts.spool.damaged += last.length - whole.end);
                directory.cut(last.first, whole.end)?;
                last.length = whole.end;
            }
        }
        let mut spool = Self {
            directory,
            segments,
            writer: None,
            reader: Reader::default(),
            next,
            done,
            own: next,
            sending: None,
            is_synced: true,
            is_told: true,
            capacity,
            host,
            queue,
        };
        spool.tell_size();
        Ok(spool)
    }

    /// Writes a batch behind all others. Where there is no room, the oldest segment is dropped.
    pub(crate) fn append(&mut self, lines: &Lines, body: &[u8]) -> io::Result<()> {
        let start = record::start(self.next, (self.host.wall)().as_secs(), lines, body);
        let length = (HEAD + PREFIX + body.len()) as u64;
        while !self.segments.is_empty() && self.size() + length > self.capacity {
            self.drop_oldest();
        }
        let is_full =
            self.segments.back().is_some_and(|last| last.length > 0 && last.length + length > SEGMENT);
        if is_full && let Some(writer) = self.writer.take() {
            (self.host.force)(&writer)?;
        }
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let writer = self.directory.create(self.next)?;
                self.segments.push_back(Segment { first: self.next, length: 0 });
                none.insert(writer)
            }
        };
        let written = writer.write_all(&start).and_then(|()| writer.write_all(body));
        let Some(last) = self.segments.back_mut() else { return written };
        if let Err(error) = written {
            // Half a record must not stand before a whole one.
            let is_cut = writer.set_len(last.length).is_ok();
            if last.length == 0 {
                let _ = self.directory.remove(last.first);
                self.segments.pop_back();
            }
            if !is_cut || self.segments.is_empty() {
                self.writer = None;
            }
            return Err(error);
        }
        last.length += length;
        self.next += 1;
        self.is_synced = false;
        self.tell_size();
        Ok(())
    }

    /// The oldest batch that is not done.
    pub(crate) fn first(&mut self) -> Option<Load> {
        loop {
            let Segment { first, length } = *self.segments.front()?;
            let is_last = self.segments.len() == 1;
            match self.reader.read(&self.directory, first, length) {
                Found::Record { id, length, .. } if id < self.done => self.reader.skip(length),
                Found::Record { id, length, at, lines, body } => {
                    let lines = self.tell_of_earlier(id, lines);
                    if (self.host.wall)().as_secs().saturating_sub(at) > OLDEST {
                        self.queue.count(|counts| counts.drop(Reason::Expired, &lines));
                        self.sending = Some((id, length));
                        self.done(id);
                        continue;
                    }
                    self.sending = Some((id, length));
                    return Some(Load { id, lines, body });
                }
                Found::Nothing if is_last && self.writer.is_some() => return None,
                Found::Nothing => self.remove_oldest(),
                Found::Damage(bytes) => {
                    self.count(|counts| counts.damaged += bytes);
                    // What follows a record that cannot be read has no known beginning.
                    if is_last {
                        self.writer = None;
                    }
                    self.remove_oldest();
                }
            }
        }
    }

    /// A batch needs no push any more.
    pub(crate) fn done(&mut self, id: u64) {
        if let Some((_, length)) = self.sending.take_if(|(sending, _)| *sending == id) {
            self.reader.skip(length);
        }
        self.done = self.done.max(id + 1);
        self.is_told = false;
        let is_read = self.segments.len() == 1
            && self
                .segments
                .front()
                .is_some_and(|only| only.length > KEPT && self.reader.at() >= only.length);
        if is_read {
            self.writer = None;
            self.remove_oldest();
        }
    }

    /// Forces to the disk what is not done, and notes what is.
    pub(crate) fn sync(&mut self) {
        let waits = self.done < self.next;
        if waits
            && !self.is_synced
            && let Some(writer) = &self.writer
        {
            match (self.host.force)(writer) {
                Ok(()) => self.is_synced = true,
                Err(_) => self.count(|counts| counts.failures += 1),
            }
        }
        if !std::mem::replace(&mut self.is_told, true) && self.directory.set_position(self.done).is_err() {
            self.count(|counts| counts.failures += 1);
        }
    }

    /// The end. A spool with nothing in it leaves no segments behind.
    pub(crate) fn close(&mut self) {
        self.sync();
        if self.done >= self.next {
            self.writer = None;
            while !self.segments.is_empty() {
                self.remove_oldest();
            }
        }
    }

    /// Counts a write that failed.
    pub(crate) fn failed(&self) {
        self.count(|counts| counts.failures += 1);
    }

    fn size(&self) -> u64 {
        self.segments.iter().map(|segment| segment.length).sum()
    }

    /// Lines of an earlier process are told by this one, once: when they are first read.
    fn tell_of_earlier(&mut self, id: u64, lines: Lines) -> Lines {
        if id < self.own && self.sending.is_none_or(|(sending, _)| sending != id) {
            self.queue.count(|counts| add(&mut counts.told, &lines));
        }
        lines
    }

    /// Drops the oldest segment for want of room, but for the batch that is on its way.
    fn drop_oldest(&mut self) {
        let Some(Segment { first, length }) = self.segments.front().copied() else { return };
        let (done, own, sending) = (self.done, self.own, self.sending.map(|(id, _)| id));
        let (mut lost, mut earlier) = ([0; LEVELS], [0; LEVELS]);
        if let Ok(file) = self.directory.read(first) {
            let _ = reader::scan(&file, self.reader.at_of(first), length, |id, lines| {
                if id >= done && sending != Some(id) {
                    add(&mut lost, lines);
                    if id < own {
                        add(&mut earlier, lines);
                    }
                }
            });
        }
        self.queue.count(|counts| {
            add(&mut counts.told, &earlier);
            counts.drop(Reason::SpoolFull, &lost);
        });
        if self.segments.len() == 1 {
            self.writer = None;
        }
        self.remove_oldest();
        self.sending = self.sending.map(|(id, _)| (id, 0));
    }

    fn remove_oldest(&mut self) {
        let Some(Segment { first, .. }) = self.segments.pop_front() else { return };
        self.reader = Reader::default();
        if self.directory.remove(first).is_err() {
            self.count(|counts| counts.failures += 1);
        }
        self.tell_size();
    }

    fn tell_size(&mut self) {
        let size = self.size();
        self.count(|counts| counts.size = size);
    }

    fn count(&self, change: impl FnOnce(&mut SpoolCounts)) {
        self.queue.count(|counts| change(&mut counts.spool));
    }
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool").field("directory", &self.directory.path()).finish_non_exhaustive()
    }
}
