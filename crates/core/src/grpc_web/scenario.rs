//! What the tests of this module say: bodies, how they are cut, and what a reader tells of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;

use crate::grpc::Code;
use crate::grpc_web::TrailerReader;

/// A body, and the status that its trailers tell.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) frames: Vec<Vec<u8>>,
    pub(super) status: Option<Code>,
}

pub(super) fn frame(flag: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&[flag], &length[..], payload].concat()
}

pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for position in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * position)) as usize & 63];
            text.push(if position <= group.len() { digit.into() } else { '=' });
        }
    }
    text
}

/// What a reader says after `chunks`.
pub(super) fn told<'a>(
    mut reader: TrailerReader,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (bool, Option<Code>) {
    for chunk in chunks {
        reader.read(chunk);
    }
    (reader.is_complete(), reader.status())
}

pub(super) fn binary(body: &[u8]) -> (bool, Option<Code>) {
    told(TrailerReader::binary(), [body])
}

pub(super) fn text(body: &str) -> (bool, Option<Code>) {
    told(TrailerReader::text(), [body.as_bytes()])
}

pub(super) fn any_body() -> impl Strategy<Value = Body> {
    let messages = proptest::collection::vec((0_u8..2, proptest::collection::vec(any::<u8>(), 0..40)), 0..4);
    let fields = proptest::collection::vec("(grpc-message|x|grpc-statu|grpc-status-): ?[ -~]{0,30}", 0..3);
    let status = proptest::option::of((0_u8..20, "grpc-status|Grpc-Status", "[ \t]{0,3}", "[ \t]{0,3}"));
    (messages, fields, status, 0_usize..4).prop_map(|(messages, mut lines, status, place)| {
        let code = status.as_ref().map(|(number, ..)| Code::from_u8(*number).unwrap_or(Code::Unknown));
        if let Some((number, name, before, after)) = status {
            lines.insert(place.min(lines.len()), format!("{name}:{before}{number}{after}"));
        }
        let mut frames: Vec<_> = messages.iter().map(|(flag, payload)| frame(*flag, payload)).collect();
        frames
            .push(frame(0x80, lines.iter().map(|line| format!("{line}\r\n")).collect::<String>().as_bytes()));
        Body { frames, status: code }
    })
}

/// The pieces of `bytes` between `cuts`, some of them empty.
pub(super) fn cut<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).chain([0, bytes.len()]).collect();
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}
