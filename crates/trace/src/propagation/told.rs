//! What a caller tells of its trace, whatever the format.

use http::{HeaderMap, HeaderName};
use tower_telemetry_core::TraceIds;

/// What a caller tells of its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// The ids, with the sampled flag as far as it is told.
    pub(crate) ids: Option<TraceIds>,
    /// What is said of sampling beyond it.
    pub(crate) wish: Wish,
}

/// What a caller says of sampling, beyond the sampled flag of its ids.
///
/// W3C always tells a flag; B3 may leave it open, ask for the whole trace, or say no without any ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Wish {
    /// Nothing beyond the flag, or there is no caller.
    #[default]
    Flag,
    /// The decision is left to this service, as if the trace began here.
    ///
    /// The flag is set then: of the samplers that cannot be asked so, most obey a parent, and one that says nothing
    /// must not be lost for ever.
    Open,
    /// No span is to be recorded; told without ids, so a new trace begins.
    No,
    /// Every span of the trace is to be recorded, and callees are told so.
    Debug,
}

/// A header that cannot be understood; the receiver behaves as if there had been none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The value of a header that may stand there once.
pub(crate) fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a [u8]>, Malformed> {
    let mut lines = headers.get_all(name).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    // Either could be the forged one.
    if lines.next().is_some() { Err(Malformed) } else { Ok(Some(line.as_bytes().trim_ascii())) }
}

/// `N` bytes of lower-case hexadecimal digits, padded with zeros on the left.
pub(crate) fn padded<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if digits.is_empty() || digits.len() > 2 * N {
        return None;
    }
    for (place, digit) in digits.iter().rev().enumerate() {
        let nibble = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        *bytes.iter_mut().rev().nth(place / 2)? |= nibble << (4 * (place % 2));
    }
    Some(bytes)
}
