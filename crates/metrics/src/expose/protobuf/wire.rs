//! Fields on the wire, as the Protocol Buffers encoding has them.

/// The number of a field in its message.
pub(crate) type Field = u32;

const VARINT: u32 = 0;
const FIXED_64: u32 = 1;
const LENGTH: u32 = 2;

/// Appends what `body` appends, after its length.
pub(crate) fn delimited(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    body(out);
    let length = out.len() - start;
    // The length takes up to ten bytes and is known last: it is put where it belongs, and the body moves up. That
    // is cheaper than to go through the body twice.
    varint(out, length as u64);
    let moved = out.len() - start - length;
    if let Some(tail) = out.get_mut(start..) {
        tail.rotate_right(moved);
    }
}

/// A message, or whatever else has a length.
pub(crate) fn message(out: &mut Vec<u8>, field: Field, body: impl FnOnce(&mut Vec<u8>)) {
    key(out, field, LENGTH);
    delimited(out, body);
}

/// `string`. What is empty is as good as absent.
pub(crate) fn text(out: &mut Vec<u8>, field: Field, text: &str) {
    if !text.is_empty() {
        key(out, field, LENGTH);
        varint(out, text.len() as u64);
        out.extend_from_slice(text.as_bytes());
    }
}

/// `uint64`, `uint32` or an enumeration.
pub(crate) fn unsigned(out: &mut Vec<u8>, field: Field, number: u64) {
    key(out, field, VARINT);
    varint(out, number);
}

/// `int64`.
pub(crate) fn signed(out: &mut Vec<u8>, field: Field, number: i64) {
    unsigned(out, field, number.cast_unsigned());
}

/// `sint64` or `sint32`.
pub(crate) fn zigzag(out: &mut Vec<u8>, field: Field, number: i64) {
    unsigned(out, field, zigzagged(number));
}

/// `repeated sint64`, packed.
pub(crate) fn zigzags(out: &mut Vec<u8>, field: Field, numbers: &[i64]) {
    if !numbers.is_empty() {
        message(out, field, |out| numbers.iter().for_each(|number| varint(out, zigzagged(*number))));
    }
}

/// `double`.
pub(crate) fn double(out: &mut Vec<u8>, field: Field, number: f64) {
    key(out, field, FIXED_64);
    out.extend_from_slice(&number.to_le_bytes());
}

fn zigzagged(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

fn key(out: &mut Vec<u8>, field: Field, kind: u32) {
    varint(out, u64::from(field << 3 | kind));
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: impl FnOnce(&mut Vec<u8>), expected: &[u8]) {
        let mut out = vec![0xaa];
        write(&mut out);
        assert_eq!(out, [&[0xaa], expected].concat());
    }

    /// The bytes are those of the encoding's own documentation where it has the case.
    #[test]
    fn fields_are_written_as_the_encoding_says() {
        check(|out| unsigned(out, 1, 150), &[0x08, 0x96, 0x01]);
        check(|out| text(out, 2, "testing"), b"\x12\x07testing");
        check(|out| text(out, 2, ""), &[]);
        check(|out| message(out, 3, |out| unsigned(out, 1, 150)), &[0x1a, 0x03, 0x08, 0x96, 0x01]);
        check(|out| signed(out, 1, -2), &[0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
        check(|out| zigzags(out, 6, &[0, -1, 1, -2]), &[0x32, 0x04, 0, 1, 2, 3]);
        check(|out| zigzags(out, 6, &[]), &[]);
        check(|out| zigzag(out, 16, i64::MIN), b"\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
        check(|out| double(out, 1, 1.0), &[0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    }

    #[test]
    fn a_long_body_stands_behind_a_long_length() {
        check(|out| delimited(out, |out| out.extend([7; 300])), &[&[0xac, 0x02][..], &[7; 300]].concat());
    }
}
