//! Lines of one level in the order in which they came, in pieces of memory that all levels share.

use std::collections::VecDeque;

/// The size of a piece. Small beside the queue, so that little of it is half full; large beside a line.
pub(crate) const CHUNK: usize = 16 * 1024;

/// The time and the length stand before each line.
const HEAD: usize = 12;

/// Memory in pieces: made when it is first needed, then kept.
#[derive(Debug)]
pub(crate) struct Pool {
    free: Vec<Box<[u8]>>,
    made: usize,
    most: usize,
}

/// Lines, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    chunks: VecDeque<Box<[u8]>>,
    /// Where the first chunk is read from, and the last one written to.
    read: usize,
    write: usize,
    first: Option<Head>,
}

/// What stands before a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) at: u64,
    pub(crate) length: usize,
}

impl Pool {
    pub(crate) fn new(capacity: usize) -> Self {
        let most = (capacity / CHUNK).max(1);
        Self { free: Vec::with_capacity(most), made: 0, most }
    }

    /// How many pieces can be had.
    pub(crate) fn available(&self) -> usize {
        self.free.len() + (self.most - self.made)
    }

    pub(crate) fn capacity(&self) -> usize {
        self.most * CHUNK
    }

    /// Bytes that are in use.
    pub(crate) fn used(&self) -> usize {
        (self.made - self.free.len()) * CHUNK
    }

    fn take(&mut self) -> Option<Box<[u8]>> {
        self.free.pop().or_else(|| {
            (self.made < self.most).then(|| {
                self.made += 1;
                vec![0; CHUNK].into_boxed_slice()
            })
        })
    }
}

impl Lane {
    /// With a place for every piece that there may be.
    pub(crate) fn new(pool: &Pool) -> Self {
        Self { chunks: VecDeque::with_capacity(pool.most), ..Self::default() }
    }

    /// The line that came first.
    pub(crate) const fn first(&self) -> Option<Head> {
        self.first
    }

    /// How many pieces a line of this length takes from the pool.
    pub(crate) fn needs(&self, length: usize) -> usize {
        let room = if self.chunks.is_empty() { 0 } else { CHUNK - self.write };
        (HEAD + length).saturating_sub(room).div_ceil(CHUNK)
    }

    /// Takes a line. The pool must have what it [needs](Self::needs).
    pub(crate) fn push(&mut self, pool: &mut Pool, at: u64, line: &[u8]) {
        self.write(pool, &at.to_le_bytes());
        // A line is cut far below this length.
        self.write(pool, &u32::try_from(line.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.write(pool, line);
        self.first.get_or_insert(Head { at, length: line.len() });
    }

    /// Gives the first line away, piece by piece.
    pub(crate) fn pop(&mut self, pool: &mut Pool, mut take: impl FnMut(&[u8])) {
        let Some(Head { length, .. }) = self.first.take() else { return };
        self.skip(pool, HEAD, |_| {});
        self.skip(pool, length, &mut take);
        let is_empty = self.chunks.is_empty() || (self.chunks.len() == 1 && self.read == self.write);
        if is_empty {
            pool.free.extend(self.chunks.drain(..));
            (self.read, self.write) = (0, 0);
        } else {
            self.first = Some(self.peek());
        }
    }

    fn write(&mut self, pool: &mut Pool, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.chunks.is_empty() || self.write == CHUNK {
                let Some(chunk) = pool.take() else { return };
                self.chunks.push_back(chunk);
                self.write = 0;
            }
            let Some(room) = self.chunks.back_mut().and_then(|chunk| chunk.get_mut(self.write..)) else {
                return;
            };
            let (now, later) = bytes.split_at(bytes.len().min(room.len()));
            if let Some(room) = room.get_mut(..now.len()) {
                room.copy_from_slice(now);
            }
            self.write += now.len();
            bytes = later;
        }
    }

    fn skip(&mut self, pool: &mut Pool, mut length: usize, mut take: impl FnMut(&[u8])) {
        while length > 0 {
            let Some(chunk) = self.chunks.front() else { return };
            let end = CHUNK.min(self.read + length);
            take(chunk.get(self.read..end).unwrap_or_default());
            length -= end - self.read;
            self.read = end;
            if self.read == CHUNK {
                pool.free.extend(self.chunks.pop_front());
                self.read = 0;
            }
        }
    }

    /// Reads the head of the line that is first now, which may stand in two pieces.
    fn peek(&self) -> Head {
        let bytes = self.chunks.iter().flat_map(|chunk| chunk.iter());
        let mut bytes = bytes.skip(self.read).copied();
        let at = u64::from_le_bytes(std::array::from_fn(|_| bytes.next().unwrap_or_default()));
        let length = u32::from_le_bytes(std::array::from_fn(|_| bytes.next().unwrap_or_default()));
        Head { at, length: length as usize }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn popped(lane: &mut Lane, pool: &mut Pool) -> Vec<u8> {
        let mut line = Vec::new();
        lane.pop(pool, |piece| line.extend_from_slice(piece));
        line
    }

    #[test]
    fn lines_come_out_as_they_went_in_over_any_pieces() {
        let mut pool = Pool::new(8 * CHUNK);
        let mut lane = Lane::new(&pool);
        let line = |n: usize| vec![n as u8; n * 7919 % (2 * CHUNK)];
        let (mut pushed, mut taken) = (0, 0);
        while taken < 500 {
            while lane.needs(line(pushed).len()) <= pool.available() {
                lane.push(&mut pool, pushed as u64, &line(pushed));
                pushed += 1;
            }
            for _ in 0..=taken % 3 {
                if taken == pushed {
                    break;
                }
                let head = lane.first().unwrap();
                assert_eq!((head.at, head.length), (taken as u64, line(taken).len()));
                assert_eq!(popped(&mut lane, &mut pool), line(taken));
                taken += 1;
            }
        }
        while lane.first().is_some() {
            let _ = popped(&mut lane, &mut pool);
        }
        assert_eq!((pool.used(), pool.available()), (0, 8), "every piece comes back");
    }

    #[test]
    fn no_more_memory_is_made_than_was_said() {
        let mut pool = Pool::new(2 * CHUNK);
        let mut lane = Lane::new(&pool);
        lane.push(&mut pool, 1, &[1; CHUNK]);
        assert_eq!((pool.available(), pool.used()), (0, 2 * CHUNK));
        assert_eq!(lane.needs(CHUNK - 2 * HEAD), 0, "it has the rest of its last piece");
        assert_eq!(lane.needs(CHUNK), 1);
    }
}
