//! A batch on disk: `{length, CRC32C, id, payload}`, the numbers in little-endian order.
//!
//! The payload is `{version, time, lines of each level, body}`, the body as Loki takes it.

use crate::loki::level::{LEVELS, Lines};

/// What stands before a payload.
pub(crate) const HEAD: usize = 4 + 4 + 8;
/// What stands in a payload before the body.
pub(crate) const PREFIX: usize = 1 + 8 + 4 * LEVELS;
/// A record claims no more than this, or it is none: a batch has hardly more than 1 MiB.
const MOST: usize = 16 * 1024 * 1024;
const VERSION: u8 = 1;

/// What stands before a payload, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) length: usize,
    crc: u32,
    pub(crate) id: u64,
}

/// A payload, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Payload<'a> {
    /// When the batch was made, in seconds since 1970.
    pub(crate) at: u64,
    pub(crate) lines: Lines,
    pub(crate) body: &'a [u8],
}

/// All of a record but the body.
pub(crate) fn start(id: u64, at: u64, lines: &Lines, body: &[u8]) -> [u8; HEAD + PREFIX] {
    let mut prefix = Vec::with_capacity(HEAD + PREFIX);
    prefix.push(VERSION);
    prefix.extend(at.to_le_bytes());
    for count in lines {
        prefix.extend(u32::try_from(*count).unwrap_or(u32::MAX).to_le_bytes());
    }
    let crc = crc32c::crc32c_append(crc32c::crc32c_append(crc32c::crc32c(&id.to_le_bytes()), &prefix), body);
    let length = u32::try_from(PREFIX + body.len()).unwrap_or(u32::MAX);
    let mut start = [0; HEAD + PREFIX];
    let numbers = length.to_le_bytes().into_iter().chain(crc.to_le_bytes()).chain(id.to_le_bytes());
    start.iter_mut().zip(numbers.chain(prefix)).for_each(|(to, byte)| *to = byte);
    start
}

impl Head {
    /// Reads it; `None` if no record begins so.
    pub(crate) fn read(bytes: [u8; HEAD]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (crc, rest) = rest.split_first_chunk()?;
        let (id, _) = rest.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        let is_record = (PREFIX..=MOST).contains(&length);
        is_record.then(|| Self { length, crc: u32::from_le_bytes(*crc), id: u64::from_le_bytes(*id) })
    }

    /// Reads the payload; `None` if it is not what was written.
    pub(crate) fn payload<'a>(&self, bytes: &'a [u8]) -> Option<Payload<'a>> {
        let crc = crc32c::crc32c_append(crc32c::crc32c(&self.id.to_le_bytes()), bytes);
        let (version, rest) = bytes.split_first()?;
        if crc != self.crc || *version != VERSION {
            return None;
        }
        let (at, mut rest) = rest.split_first_chunk()?;
        let mut lines = [0; LEVELS];
        for count in &mut lines {
            let (bytes, others) = rest.split_first_chunk()?;
            (*count, rest) = (u64::from(u32::from_le_bytes(*bytes)), others);
        }
        Some(Payload { at: u64::from_le_bytes(*at), lines, body: rest })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_and_every_changed_bit_is_seen() {
        let lines = [1, 2, 3, 4, 5];
        let mut bytes = start(7, 1_000, &lines, b"body").to_vec();
        bytes.extend(b"body");
        let read = |bytes: &[u8]| {
            let head = Head::read(bytes[..HEAD].try_into().unwrap())?;
            let payload = head.payload(bytes.get(HEAD..HEAD + head.length)?)?;
            Some((head.id, payload.at, payload.lines, payload.body.to_vec()))
        };
        assert_eq!(read(&bytes), Some((7, 1_000, lines, b"body".to_vec())));
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&bytes), None, "bit {bit}");
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
