//! Random ids, and `traceparent` at its shortest.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use http::{HeaderMap, HeaderName, HeaderValue};

pub(super) static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

thread_local! {
    static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0));
}

/// What the request, its handler and its line know of one another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) trace: u128,
    pub(crate) span: u64,
    pub(crate) request: u128,
    pub(crate) sampled: bool,
}

impl Ids {
    /// Those of the caller, else new ones, of which so many are sampled as lie below the threshold.
    pub(crate) fn of(headers: &HeaderMap, threshold: u64) -> Self {
        let parent = headers.get(&TRACEPARENT).and_then(|value| parent(value.as_bytes()));
        let (trace, sampled) = parent.unwrap_or_else(|| {
            let trace = wide();
            (trace, trace as u64 <= threshold)
        });
        Self { trace, span: narrow(), request: wide(), sampled }
    }

    /// `00-`, trace, span, flags.
    pub(super) fn traceparent(self, text: &mut [u8; 55]) {
        let [_, _, _, trace @ .., _, _, _] = text;
        if let Some((trace, span)) = trace.split_at_mut_checked(33) {
            hex(self.trace.to_be_bytes(), trace);
            hex(self.span.to_be_bytes(), span);
        }
        for (at, byte) in [(0, b'0'), (1, b'0'), (2, b'-'), (35, b'-'), (52, b'-'), (53, b'0')] {
            text[at] = byte;
        }
        text[54] = if self.sampled { b'1' } else { b'0' };
    }
}

/// Reads the caller's context and writes one for the next: the whole of propagation.
pub(crate) fn propagate(from: &HeaderMap, into: &mut HeaderMap) {
    let mut text = [0; 55];
    Ids::of(from, u64::MAX).traceparent(&mut text);
    if let Ok(value) = HeaderValue::from_bytes(&text) {
        into.insert(TRACEPARENT.clone(), value);
    }
}

/// Two digits for each byte, as far as there is room.
pub(super) fn hex<const N: usize>(bytes: [u8; N], text: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, pair) in bytes.into_iter().zip(text.chunks_exact_mut(2)) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

fn parent(text: &[u8]) -> Option<(u128, bool)> {
    let (trace, flags) = (text.get(3..35)?, text.get(53..55)?);
    (text.len() == 55 && text.starts_with(b"00-")).then_some(())?;
    Some((number(trace)?, number(flags)? & 1 == 1))
}

fn number(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number: u128, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(digit))
    })
}

fn wide() -> u128 {
    u128::from(narrow()) << 64 | u128::from(narrow())
}

/// wyrand: an addition and a multiplication.
fn narrow() -> u64 {
    STATE.with(|state| {
        let next = state.get().wrapping_add(0xa076_1d64_78bd_642f);
        state.set(next);
        let product = u128::from(next).wrapping_mul(u128::from(next ^ 0xe703_7ed1_a0b4_28db));
        (product >> 64) as u64 ^ product as u64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let ids =
            Ids { trace: 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, span: 7, request: 1, sampled: true };
        let mut text = [0; 55];
        ids.traceparent(&mut text);
        assert_eq!(&text, b"00-0af7651916cd43dd8448eb211c80319c-0000000000000007-01");
        assert_eq!(parent(&text), Some((ids.trace, true)));
    }
}
