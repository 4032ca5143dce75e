//! The wire form of the ids, read strictly and written in version `00`.

use http::{HeaderMap, HeaderValue};

use crate::names::header::TRACEPARENT;
use crate::ows;
use crate::trace_ids::error::TraceparentError;
use crate::trace_ids::flags::TraceFlags;
use crate::trace_ids::hex::{hex, read_hex};
use crate::trace_ids::ids::TraceIds;
use crate::trace_ids::span_id::SpanId;
use crate::trace_ids::trace_id::TraceId;

/// The length of a version `00` `traceparent`, in bytes.
const LENGTH: usize = 55;

impl TraceIds {
    /// Reads the value of a `traceparent` header.
    ///
    /// Spaces and tabs around the value are ignored. Of a version above `00` the four known fields are read;
    /// [`traceparent`](Self::traceparent) then answers in version `00`. Never panics.
    ///
    /// # Errors
    ///
    /// Whatever the standard calls invalid; see [`TraceparentError`].
    pub fn parse(value: &[u8]) -> Result<Self, TraceparentError> {
        let mut reader = Fields(ows::trim(value));
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
        self.write_traceparent(&mut out);
        out
    }

    /// Writes what [`traceparent`](Self::traceparent) gives, where it stays.
    #[doc(hidden)]
    pub fn write_traceparent(&self, out: &mut [u8; LENGTH]) {
        out[..3].copy_from_slice(b"00-");
        out[3..35].copy_from_slice(hex(self.trace_id.to_bytes()).as_flattened());
        out[35] = b'-';
        out[36..52].copy_from_slice(hex(self.span_id.to_bytes()).as_flattened());
        out[52] = b'-';
        out[53..].copy_from_slice(hex([self.flags.to_byte()]).as_flattened());
    }

    /// The wire form as a header value; one allocation.
    #[must_use]
    pub fn to_header_value(&self) -> HeaderValue {
        // Hexadecimal digits and dashes are always legal in a header: the fallback is for the types alone.
        HeaderValue::from_bytes(&self.traceparent()).unwrap_or(const { HeaderValue::from_static("") })
    }
}

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

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_valid_header_is_read_and_written_unchanged() {
        let ids = TraceIds::parse(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03").unwrap();
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
