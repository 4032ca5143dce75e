//! Bytes, cut into what a target needs.

use http::{HeaderMap, HeaderName, HeaderValue};

/// What stands between two pieces of an input; no header may hold it.
const CUT: u8 = b'\n';

/// The pieces.
pub(crate) fn pieces(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == CUT)
}

/// The pieces as lines of one header, but for those that no header may hold.
pub(crate) fn headers(name: &HeaderName, data: &[u8]) -> HeaderMap {
    let lines = pieces(data).take(64).filter_map(|line| HeaderValue::from_bytes(line).ok());
    lines.map(|line| (name.clone(), line)).collect()
}

/// A text for each piece.
pub(crate) fn texts(data: &[u8]) -> Vec<String> {
    pieces(data).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect()
}
