//! The ids of a trace and their one wire form, the `traceparent` header of [W3C Trace Context Level 2].
//!
//! Reading is strict: what the standard calls invalid is an error, so that a malformed header starts a new trace
//! instead of corrupting one. Two things are lenient because the standard says so: optional white space around the
//! value, and versions above `00`, of which the known fields are read.
//!
//! ```
//! use tower_telemetry_core::trace_ids::{TraceFlags, TraceIds};
//!
//! let parent = TraceIds::parse(b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")?;
//! assert!(parent.flags.is_sampled());
//!
//! let own = parent.child();
//! assert_eq!(own.trace_id, parent.trace_id);
//! assert_ne!(own.span_id, parent.span_id);
//! assert_eq!(own.flags, TraceFlags::SAMPLED);
//! # Ok::<(), tower_telemetry_core::trace_ids::TraceparentError>(())
//! ```
//!
//! [W3C Trace Context Level 2]: https://www.w3.org/TR/trace-context-2/

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;
use std::{process, thread};

use http::{HeaderMap, HeaderValue};

use crate::names::header::TRACEPARENT;

/// The length of a version `00` `traceparent`, in bytes.
const LENGTH: usize = 55;

/// The ids that one hop tells the next: which trace, which span is the parent, and the flags of the trace.
///
/// `Display` writes the `traceparent` form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceIds {
    /// The trace, the same for all its spans.
    pub trace_id: TraceId,
    /// The span; it is the parent of whatever the receiver starts.
    pub span_id: SpanId,
    /// What is known of the trace: sampled, random.
    pub flags: TraceFlags,
}

/// 16 bytes that name a trace; never all zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId([u8; 16]);

/// 8 bytes that name a span within its trace; never all zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId([u8; 8]);

/// The trace flags that Level 2 defines; the reserved bits 2 to 7 are always zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TraceFlags(u8);

/// `N` lower-case hexadecimal digits, on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hex<const N: usize>([u8; N]);

/// Why a `traceparent` header is not valid.
///
/// The receiver behaves as if there had been no header: it starts a new trace and ignores `tracestate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraceparentError {
    /// The header came more than once.
    Duplicate,
    /// Shorter than 55 characters, or version `00` and longer.
    Length,
    /// The version is `ff`, which the standard forbids.
    Version,
    /// A field is not separated from the next by `-`.
    Delimiter,
    /// A field holds something else than `0-9a-f`.
    Character,
    /// The trace id is all zero.
    ZeroTraceId,
    /// The parent id is all zero.
    ZeroSpanId,
}

impl TraceIds {
    /// Starts a new trace: random ids, and [`TraceFlags::RANDOM`] added to `flags`.
    #[must_use]
    pub fn random(flags: TraceFlags) -> Self {
        Self { trace_id: TraceId::random(), span_id: SpanId::random(), flags: flags.with(TraceFlags::RANDOM) }
    }

    /// A new span in the same trace: the trace id and the flags are kept, the random flag included.
    #[must_use]
    pub fn child(self) -> Self {
        Self { span_id: SpanId::random(), ..self }
    }

    /// Reads the value of a `traceparent` header.
    ///
    /// Spaces and tabs around the value are ignored. Of a version above `00` the four known fields are read;
    /// [`traceparent`](Self::traceparent) then answers in version `00`. Never panics.
    ///
    /// # Errors
    ///
    /// Whatever the standard calls invalid; see [`TraceparentError`].
    pub fn parse(value: &[u8]) -> Result<Self, TraceparentError> {
        let mut reader = Fields(trim_ows(value));
        let length = reader.0.len();
        if length < LENGTH {
            return Err(TraceparentError::Length);
        }
        let [version] = reader.hex::<1>()?;
        match version {
            0xff => return Err(TraceparentError::Version),
            0x00 if length != LENGTH => return Err(TraceparentError::Length),
            _ => {}
        }
        reader.dash()?;
        let trace_id = reader.hex()?;
        reader.dash()?;
        let span_id = reader.hex()?;
        reader.dash()?;
        let [flags] = reader.hex::<1>()?;
        // A later version may go on, but only with another field.
        if !reader.0.is_empty() {
            reader.dash()?;
        }
        Ok(Self {
            trace_id: TraceId::from_bytes(trace_id).ok_or(TraceparentError::ZeroTraceId)?,
            span_id: SpanId::from_bytes(span_id).ok_or(TraceparentError::ZeroSpanId)?,
            flags: TraceFlags::from_byte(flags),
        })
    }

    /// Reads the `traceparent` header; `Ok(None)` where there is none.
    ///
    /// # Errors
    ///
    /// [`TraceparentError::Duplicate`] for more than one header line, since either could be the forged one;
    /// else as [`parse`](Self::parse).
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, TraceparentError> {
        let mut lines = headers.get_all(TRACEPARENT).iter();
        let Some(line) = lines.next() else { return Ok(None) };
        if lines.next().is_some() {
            return Err(TraceparentError::Duplicate);
        }
        Self::parse(line.as_bytes()).map(Some)
    }

    /// The version `00` wire form, `00-<trace id>-<span id>-<flags>`, in ASCII.
    #[must_use]
    pub fn traceparent(&self) -> [u8; LENGTH] {
        let mut out = [b'-'; LENGTH];
        let fields: [(usize, &[u8]); 4] =
            [(0, &[0]), (3, &self.trace_id.0), (36, &self.span_id.0), (53, &[self.flags.0])];
        for (start, bytes) in fields {
            write_hex(out.get_mut(start..).unwrap_or_default(), bytes);
        }
        out
    }

    /// The wire form as a header value; one allocation.
    #[must_use]
    pub fn to_header_value(&self) -> HeaderValue {
        // Hexadecimal digits and dashes are always legal in a header: the fallback is for the types alone.
        HeaderValue::from_bytes(&self.traceparent()).unwrap_or(const { HeaderValue::from_static("") })
    }
}

impl TraceId {
    /// Takes the 16 bytes in network order; `None` if all are zero.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        if u128::from_ne_bytes(bytes) == 0 { None } else { Some(Self(bytes)) }
    }

    /// Reads exactly 32 lower-case hexadecimal digits that are not all zero.
    #[must_use]
    pub fn from_hex(digits: &[u8]) -> Option<Self> {
        read_hex(digits).and_then(Self::from_bytes)
    }

    /// A new id from 128 random bits; unique, but no secret: the generator is not a cryptographic one.
    #[must_use]
    pub fn random() -> Self {
        loop {
            let bits = u128::from(random_u64()) << 64 | u128::from(random_u64());
            if let Some(id) = Self::from_bytes(bits.to_be_bytes()) {
                return id;
            }
        }
    }

    /// The 16 bytes in network order.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// The 32 lower-case digits that logs, exemplars and headers show.
    #[must_use]
    pub fn to_hex(self) -> Hex<32> {
        Hex::encode(&self.0)
    }
}

impl SpanId {
    /// Takes the 8 bytes in network order; `None` if all are zero.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        if u64::from_ne_bytes(bytes) == 0 { None } else { Some(Self(bytes)) }
    }

    /// Reads exactly 16 lower-case hexadecimal digits that are not all zero.
    #[must_use]
    pub fn from_hex(digits: &[u8]) -> Option<Self> {
        read_hex(digits).and_then(Self::from_bytes)
    }

    /// A new id from 64 random bits; unique, but no secret: the generator is not a cryptographic one.
    #[must_use]
    pub fn random() -> Self {
        loop {
            if let Some(id) = Self::from_bytes(random_u64().to_be_bytes()) {
                return id;
            }
        }
    }

    /// The 8 bytes in network order.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The 16 lower-case digits that logs, exemplars and headers show.
    #[must_use]
    pub fn to_hex(self) -> Hex<16> {
        Hex::encode(&self.0)
    }
}

impl TraceFlags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// Bit 0: the caller may have recorded the trace.
    pub const SAMPLED: Self = Self(1);
    /// Bit 1: at least the last 7 bytes of the trace id are random, so that they can serve for sampling.
    pub const RANDOM: Self = Self(2);

    /// Takes the two bits that Level 2 defines; the reserved ones are dropped, as they must not be sent on.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Self {
        Self(byte & (Self::SAMPLED.0 | Self::RANDOM.0))
    }

    /// The flags as on the wire; bits 2 to 7 are zero.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// These flags and those of `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags but for those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the caller may have recorded the trace.
    #[must_use]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// Whether the trace id is random in its last 7 bytes.
    #[must_use]
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }
}

impl<const N: usize> Hex<N> {
    fn encode(bytes: &[u8]) -> Self {
        let mut digits = [b'0'; N];
        write_hex(&mut digits, bytes);
        Self(digits)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only `encode` makes one, and it writes ASCII: the fallback is for the types alone.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> AsRef<str> for Hex<N> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for TraceIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(str::from_utf8(&self.traceparent()).unwrap_or_default())
    }
}

impl fmt::Debug for TraceIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceIds({self})")
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_hex().fmt(f)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_hex().fmt(f)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpanId({self})")
    }
}

impl fmt::Debug for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceFlags({:02x})", self.0)
    }
}

impl fmt::Display for TraceparentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Duplicate => "more than one traceparent header",
            Self::Length => "traceparent is not 55 characters long",
            Self::Version => "traceparent has the forbidden version ff",
            Self::Delimiter => "traceparent lacks a dash between two fields",
            Self::Character => "traceparent holds a character other than 0-9 and a-f",
            Self::ZeroTraceId => "the trace id of traceparent is zero",
            Self::ZeroSpanId => "the parent id of traceparent is zero",
        })
    }
}

impl Error for TraceparentError {}

/// What is left of a `traceparent` to read.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn hex<const N: usize>(&mut self) -> Result<[u8; N], TraceparentError> {
        let (field, rest) = self.0.split_at_checked(2 * N).ok_or(TraceparentError::Length)?;
        self.0 = rest;
        read_hex(field).ok_or(TraceparentError::Character)
    }

    fn dash(&mut self) -> Result<(), TraceparentError> {
        self.0 = self.0.strip_prefix(b"-").ok_or(TraceparentError::Delimiter)?;
        Ok(())
    }
}

/// Strips the optional white space of RFC 9110: spaces and tabs, and nothing else.
pub(crate) fn trim_ows(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

fn read_hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = nibble(high)? << 4 | nibble(low)?;
    }
    Some(bytes)
}

/// Not `char::to_digit`, which takes capitals, nor `from_str_radix`, which takes a plus sign: both are illegal here.
const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn write_hex(out: &mut [u8], bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    for (pair, byte) in out.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 0x0f)]);
    }
}

/// The next word of this thread's xoshiro256++ generator (Blackman and Vigna).
///
/// Its 256 bits of state matter more than its speed: a generator with 64 bits gives only 2^64 different trace ids,
/// whatever their length, and two of them meet after some four thousand million.
fn random_u64() -> u64 {
    thread_local!(static STATE: Cell<[u64; 4]> = Cell::new(seed()));

    // A guard may ask for an id while its thread ends, when thread locals can be gone.
    STATE.try_with(step).unwrap_or_else(|_| step(&Cell::new(seed())))
}

fn step(state: &Cell<[u64; 4]>) -> u64 {
    let [mut a, mut b, mut c, mut d] = state.get();
    let word = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
    let shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = d.rotate_left(45);
    state.set([a, b, c, d]);
    word
}

/// Four words from the standard library's randomly keyed hasher, the one source of entropy that needs no dependency.
#[allow(clippy::disallowed_methods, reason = "the wall clock is entropy here, nobody tells the time by it")]
fn seed() -> [u64; 4] {
    let keys = RandomState::new();
    let mut state = [0_u64, 1, 2, 3].map(|word| {
        // The clock and the process keep copies of one image apart, should they share the keys.
        keys.hash_one((word, SystemTime::now(), process::id(), thread::current().id()))
    });
    // The generator must not start at all zero, where it would stay.
    if state == [0; 4] {
        state = [1; 4];
    }
    state
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "12345678901234567890123456789012";
    const SPAN: &str = "1234567890123456";

    fn parse(value: &str) -> Result<TraceIds, TraceparentError> {
        TraceIds::parse(value.as_bytes())
    }

    fn refuses(value: &str, error: TraceparentError) {
        assert_eq!(parse(value), Err(error), "{value:?}");
    }

    fn accepts(value: &str, traceparent: &str) {
        assert_eq!(parse(value).map(|ids| ids.to_string()), Ok(traceparent.to_owned()), "{value:?}");
    }

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (TRACEPARENT, HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn a_valid_header_is_read_and_written_unchanged() {
        let ids = parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03").unwrap();
        assert_eq!(ids.trace_id.to_hex().as_str(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(ids.trace_id.to_bytes()[..4], [0x0a, 0xf7, 0x65, 0x19]);
        assert_eq!(ids.span_id.to_string(), "b7ad6b7169203331");
        assert_eq!(ids.span_id.to_bytes()[7], 0x31);
        assert_eq!(ids.to_header_value(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03");
        assert_eq!(
            format!("{ids:?} {:?} {:?} {:?}", ids.trace_id, ids.span_id, ids.flags),
            "TraceIds(00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03) \
             TraceId(0af7651916cd43dd8448eb211c80319c) SpanId(b7ad6b7169203331) TraceFlags(03)"
        );
    }

    #[test]
    fn no_header_is_no_error_and_two_are_one() {
        const ONE: &str = "00-12345678901234567890123456789011-1234567890123456-01";
        const TWO: &str = "00-12345678901234567890123456789012-1234567890123456-01";
        assert_eq!(TraceIds::from_headers(&headers(&[])), Ok(None));
        let ids = TraceIds::from_headers(&headers(&[ONE])).unwrap().unwrap();
        assert_eq!(ids.to_string(), ONE);
        for lines in [[ONE, TWO], [ONE, ONE]] {
            assert_eq!(TraceIds::from_headers(&headers(&lines)), Err(TraceparentError::Duplicate));
        }
    }

    #[test]
    fn the_name_is_matched_in_any_casing_and_as_one_word() {
        for (name, found) in [
            ("TraceParent", true),
            ("TrAcEpArEnT", true),
            ("TRACEPARENT", true),
            ("trace-parent", false),
            ("trace.parent", false),
        ] {
            let name = http::HeaderName::try_from(name).unwrap();
            let value = HeaderValue::from_static("00-12345678901234567890123456789012-1234567890123456-01");
            let headers = HeaderMap::from_iter([(name, value)]);
            assert_eq!(TraceIds::from_headers(&headers).unwrap().is_some(), found, "{headers:?}");
        }
    }

    #[test]
    fn version_00_is_exactly_55_characters_long() {
        refuses("", TraceparentError::Length);
        refuses("00", TraceparentError::Length);
        refuses(&format!("00-{TRACE}-{SPAN}-"), TraceparentError::Length);
        refuses(&format!("00-{TRACE}-{SPAN}-01."), TraceparentError::Length);
        refuses(&format!("00-{TRACE}-{SPAN}-01-"), TraceparentError::Length);
        refuses(&format!("00-{TRACE}-{SPAN}-01-what-the-future-will-be-like"), TraceparentError::Length);
        refuses(&"0".repeat(8 * 1024), TraceparentError::Length);
    }

    #[test]
    fn a_higher_version_is_read_as_far_as_it_is_known() {
        let known = format!("00-{TRACE}-{SPAN}-01");
        for version in ["01", "cc", "fe"] {
            accepts(&format!("{version}-{TRACE}-{SPAN}-01"), &known);
            accepts(&format!("{version}-{TRACE}-{SPAN}-01-"), &known);
            accepts(&format!("{version}-{TRACE}-{SPAN}-01-what-the-future-will-be-like"), &known);
            refuses(&format!("{version}-{TRACE}-{SPAN}-01.what"), TraceparentError::Delimiter);
            refuses(&format!("{version}-{TRACE}-{SPAN}-0"), TraceparentError::Length);
        }
    }

    #[test]
    fn version_ff_is_forbidden() {
        refuses(&format!("ff-{TRACE}-{SPAN}-01"), TraceparentError::Version);
        refuses(&format!("ff-{TRACE}-{SPAN}-01-what"), TraceparentError::Version);
    }

    #[test]
    fn an_illegal_version_is_refused() {
        for version in [".0", "0.", "+0", "FE", "0 ", "é"] {
            refuses(&format!("{version}-{TRACE}-{SPAN}-01"), TraceparentError::Character);
        }
        refuses(&format!("000-{TRACE}-{SPAN}-01"), TraceparentError::Length);
        refuses(&format!("0000-{TRACE}-{SPAN}-01"), TraceparentError::Length);
        refuses(&format!("0-{TRACE}-{SPAN}-01"), TraceparentError::Length);
        refuses(&format!("010-{TRACE}-{SPAN}-01"), TraceparentError::Delimiter);
    }

    #[test]
    fn an_illegal_trace_id_is_refused() {
        refuses(&format!("00-{}-{SPAN}-01", "0".repeat(32)), TraceparentError::ZeroTraceId);
        for digit in [".", "A", "+", "g", "-", "\0"] {
            refuses(&format!("00-{digit}{}-{SPAN}-01", &TRACE[1..]), TraceparentError::Character);
            refuses(&format!("00-{}{digit}-{SPAN}-01", &TRACE[1..]), TraceparentError::Character);
        }
        refuses(&format!("00-{TRACE}3-{SPAN}-01"), TraceparentError::Length);
        refuses(&format!("00-{}-{SPAN}-01", &TRACE[1..]), TraceparentError::Length);
        // Too short and too long at once, so that the whole has the right length.
        refuses(&format!("00-{}-0{SPAN}-01", &TRACE[1..]), TraceparentError::Character);
        refuses(&format!("00-{TRACE}3-{}-01", &SPAN[1..]), TraceparentError::Delimiter);
    }

    #[test]
    fn an_illegal_parent_id_is_refused() {
        refuses(&format!("00-{TRACE}-{}-01", "0".repeat(16)), TraceparentError::ZeroSpanId);
        for digit in [".", "A", "+", "g", "-"] {
            refuses(&format!("00-{TRACE}-{digit}{}-01", &SPAN[1..]), TraceparentError::Character);
            refuses(&format!("00-{TRACE}-{}{digit}-01", &SPAN[1..]), TraceparentError::Character);
        }
        refuses(&format!("00-{TRACE}-{SPAN}7-01"), TraceparentError::Length);
        refuses(&format!("00-{TRACE}-{}-01", &SPAN[1..]), TraceparentError::Length);
        refuses(&format!("00-{TRACE}-{}-001", &SPAN[1..]), TraceparentError::Character);
    }

    #[test]
    fn illegal_flags_are_refused() {
        for flags in [".0", "0.", "+1", "0A", "1-"] {
            refuses(&format!("00-{TRACE}-{SPAN}-{flags}"), TraceparentError::Character);
        }
        for flags in ["", "1", "001"] {
            refuses(&format!("00-{TRACE}-{SPAN}-{flags}"), TraceparentError::Length);
        }
        refuses(&format!("00-{TRACE}-{SPAN}001"), TraceparentError::Delimiter);
    }

    #[test]
    fn white_space_around_the_value_is_ignored_and_nothing_else_is() {
        let value = format!("00-{TRACE}-{SPAN}-01");
        for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t \t", "\t \t")] {
            accepts(&format!("{before}{value}{after}"), &value);
        }
        refuses(&format!("{value}\n"), TraceparentError::Length);
        refuses(&format!("\u{b}{value}"), TraceparentError::Character);
        refuses(&format!("00 -{TRACE}-{SPAN}-01"), TraceparentError::Length);
    }

    #[test]
    fn the_random_flag_is_kept_and_reserved_flags_are_not() {
        for (inbound, outbound) in
            [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("04", "00"), ("fd", "01"), ("ff", "03")]
        {
            accepts(&format!("00-{TRACE}-{SPAN}-{inbound}"), &format!("00-{TRACE}-{SPAN}-{outbound}"));
        }
        let child = parse(&format!("00-{TRACE}-{SPAN}-ff")).unwrap().child();
        assert_eq!(child.flags.to_byte(), 3);
        assert_eq!(child.trace_id.to_string(), TRACE);
        assert_ne!(child.span_id.to_string(), SPAN);
    }

    #[test]
    fn flags_are_set_and_cleared_one_by_one() {
        let flags = TraceFlags::RANDOM.with(TraceFlags::SAMPLED);
        assert!(flags.is_sampled() && flags.is_random());
        let flags = flags.without(TraceFlags::SAMPLED);
        assert!(!flags.is_sampled() && flags.is_random());
        assert_eq!(flags.without(TraceFlags::RANDOM), TraceFlags::NONE);
    }

    #[test]
    fn a_new_trace_says_that_it_is_random() {
        assert_eq!(TraceIds::random(TraceFlags::NONE).flags, TraceFlags::RANDOM);
        assert_eq!(TraceIds::random(TraceFlags::SAMPLED).flags.to_byte(), 3);
    }

    #[test]
    fn ids_differ_within_a_thread_and_between_threads() {
        let ids = || {
            (0..1000)
                .map(|_| TraceIds::random(TraceFlags::NONE))
                .map(|ids| (ids.trace_id, ids.span_id))
                .collect()
        };
        let threads: Vec<_> = (0..4).map(|_| thread::spawn(ids)).collect();
        let mut all: Vec<_> = ids();
        for thread in threads {
            all.extend(thread.join().unwrap());
        }
        assert_eq!(all.iter().map(|(trace_id, _)| trace_id).collect::<HashSet<_>>().len(), 5000);
        assert_eq!(all.iter().map(|(_, span_id)| span_id).collect::<HashSet<_>>().len(), 5000);
    }

    #[test]
    fn every_bit_of_a_random_id_is_set_half_the_time() {
        let mut set = [0; 128];
        for _ in 0..4000 {
            let bits = u128::from_be_bytes(TraceId::random().to_bytes());
            for (index, count) in set.iter_mut().enumerate() {
                *count += (bits >> index) & 1;
            }
        }
        // 2,000 expected; 8 standard deviations, which chance alone does not reach.
        assert!(set.iter().all(|count| (1747..=2253).contains(count)), "{set:?}");
    }

    #[test]
    fn the_generator_follows_the_reference_implementation() {
        let state = Cell::new([1, 2, 3, 4]);
        assert_eq!(
            [step(&state), step(&state), step(&state)],
            [41_943_041, 58_720_359, 3_588_806_011_781_223]
        );
    }

    #[test]
    fn a_zero_id_cannot_be_made() {
        assert_eq!(TraceId::from_bytes([0; 16]), None);
        assert_eq!(SpanId::from_bytes([0; 8]), None);
        assert_eq!(TraceId::from_hex(&[b'0'; 32]), None);
        assert_eq!(SpanId::from_hex(&[b'0'; 16]), None);
        assert_eq!(SpanId::from_hex(b"0000000000000001"), SpanId::from_bytes(1_u64.to_be_bytes()));
    }

    fn any_ids() -> impl Strategy<Value = TraceIds> {
        (1_u128.., 1_u64.., any::<u8>()).prop_map(|(trace_id, span_id, flags)| TraceIds {
            trace_id: TraceId::from_bytes(trace_id.to_be_bytes()).unwrap(),
            span_id: SpanId::from_bytes(span_id.to_be_bytes()).unwrap(),
            flags: TraceFlags::from_byte(flags),
        })
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let _ = TraceIds::parse(&bytes);
            prop_assert!(TraceId::from_hex(&bytes).is_none_or(|id| id.to_hex().as_str().as_bytes() == bytes));
            prop_assert!(SpanId::from_hex(&bytes).is_none_or(|id| id.to_hex().as_str().as_bytes() == bytes));
        }

        #[test]
        fn what_is_written_is_read_back(ids in any_ids()) {
            prop_assert_eq!(TraceIds::parse(&ids.traceparent()), Ok(ids));
            prop_assert_eq!(TraceIds::parse(ids.to_header_value().as_bytes()), Ok(ids));
            prop_assert_eq!(TraceId::from_hex(ids.trace_id.to_hex().as_ref().as_bytes()), Some(ids.trace_id));
            prop_assert_eq!(SpanId::from_hex(ids.span_id.to_hex().as_ref().as_bytes()), Some(ids.span_id));
        }

        #[test]
        fn one_changed_byte_is_refused_or_changes_just_its_field(ids in any_ids(), at in 0..LENGTH, byte: u8) {
            let mut value = ids.traceparent();
            value[at] = byte;
            if let Ok(read) = TraceIds::parse(&value) {
                // The version is never sent on, and of the flags only two bits are.
                prop_assert_eq!(&read.traceparent()[2..53], &value[2..53]);
                prop_assert!((0..2).contains(&at) || (53..55).contains(&at) || byte.is_ascii_hexdigit() || byte == b'-');
            }
        }
    }
}
