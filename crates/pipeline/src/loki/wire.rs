//! The protobuf of a push, written straight from bytes and read without a copy.
//!
//! `PushRequest { streams 1 { labels 1, entries 2 { timestamp 1 { seconds 1, nanos 2 }, line 2, structuredMetadata 3
//! { name 1, value 2 } } } }`, as in Loki's `pkg/push/push.proto`.

/// Keys of fields that hold bytes: the field's number, and the wire type 2.
pub(crate) const STREAM: u8 = 1 << 3 | LENGTH;
pub(crate) const LABELS: u8 = 1 << 3 | LENGTH;
pub(crate) const ENTRY: u8 = 2 << 3 | LENGTH;
pub(crate) const LINE: u8 = 2 << 3 | LENGTH;
const TIMESTAMP: u8 = 1 << 3 | LENGTH;
const METADATA: u8 = 3 << 3 | LENGTH;
const NAME: u8 = 1 << 3 | LENGTH;
const VALUE: u8 = 2 << 3 | LENGTH;
const SECONDS: u8 = 1 << 3;
const NANOS: u8 = 2 << 3;
const LENGTH: u8 = 2;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(crate) const fn varint_length(value: u64) -> usize {
    // Seven bits a byte, and one byte for zero.
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// A field of this many bytes, which are to follow.
pub(crate) fn head(out: &mut Vec<u8>, key: u8, length: usize) {
    out.push(key);
    varint(out, length as u64);
}

/// A field of bytes.
pub(crate) fn bytes(out: &mut Vec<u8>, key: u8, content: &[u8]) {
    head(out, key, content.len());
    out.extend_from_slice(content);
}

/// How long such a field is.
pub(crate) const fn bytes_length(content: usize) -> usize {
    1 + varint_length(content as u64) + content
}

/// A piece of structured metadata.
pub(crate) fn metadata(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    head(out, METADATA, bytes_length(name.len()) + bytes_length(value.len()));
    bytes(out, NAME, name.as_bytes());
    bytes(out, VALUE, value);
}

/// An entry whose fields behind the timestamp are to follow, `rest` bytes of them.
pub(crate) fn entry(out: &mut Vec<u8>, nanos_since_epoch: u64, rest: usize) {
    let (seconds, nanos) = (nanos_since_epoch / NANOS_PER_SECOND, nanos_since_epoch % NANOS_PER_SECOND);
    let timestamp = 2 + varint_length(seconds) + varint_length(nanos);
    head(out, ENTRY, bytes_length(timestamp) + rest);
    head(out, TIMESTAMP, timestamp);
    out.push(SECONDS);
    varint(out, seconds);
    out.push(NANOS);
    varint(out, nanos);
}

/// The fields of a message that hold bytes, each with its key; `None` where the bytes are no message.
pub(crate) fn fields(mut message: &[u8]) -> impl Iterator<Item = Option<(u8, &[u8])>> {
    std::iter::from_fn(move || {
        if message.is_empty() {
            return None;
        }
        let field = next(&mut message);
        if field.is_none() {
            message = &[];
        }
        Some(field)
    })
}

fn next<'a>(message: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (&key, mut rest) = message.split_first()?;
    let length = usize::try_from(read_varint(&mut rest)?).ok()?;
    if key & 7 != LENGTH {
        return None;
    }
    let (content, rest) = rest.split_at_checked(length)?;
    *message = rest;
    Some((key, content))
}

fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_is_as_long_as_it_says_and_reads_back() {
        for value in [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, value);
            assert_eq!(out.len(), varint_length(value), "{value}");
            assert_eq!(read_varint(&mut out.as_slice()), Some(value));
        }
    }

    #[test]
    fn what_is_no_message_is_none() {
        for wrong in [&[LINE, 2, 0][..], &[LINE], &[SECONDS, 1], &[LINE, 0xff, 0xff]] {
            assert_eq!(fields(wrong).last(), Some(None));
        }
        let mut out = Vec::new();
        bytes(&mut out, LABELS, b"{}");
        bytes(&mut out, LINE, b"x");
        assert_eq!(fields(&out).collect::<Vec<_>>(), [Some((LABELS, &b"{}"[..])), Some((LINE, &b"x"[..]))]);
    }
}
