//! How a [`Snapshot`] is written down for others.
//!
//! ```
//! use tower_telemetry_metrics::{Store, expose};
//!
//! let store = Store::new();
//! let format = expose::negotiate(Some("application/openmetrics-text;version=1.0.0"));
//! let mut page = Vec::new();
//! expose::encode(&store.snapshot(), format, &mut page);
//! assert!(page.ends_with(b"# EOF\n"));
//! assert_eq!(
//!     format.content_type(),
//!     "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
//! );
//! ```
//!
//! An encoder is a pure function from a snapshot to bytes; serving them is the business of somebody else, who
//! sends [`Format::content_type`] along: Prometheus 3 fails a scrape without it.
//!
//! | [`Syntax`] | carries |
//! |---|---|
//! | [`Text0`](Syntax::Text0) | the numbers |
//! | [`Text1`](Syntax::Text1) | the same; [dotted](Names::Dotted) names in quotes, where they are wanted |
//! | [`OpenMetrics`](Syntax::OpenMetrics) | also exemplars, units and the times at which series began |
//! | [`Protobuf`](Syntax::Protobuf) | also native histograms |
//!
//! Names follow the OpenTelemetry specification (Prometheus and OpenMetrics compatibility), strategy
//! `UnderscoreEscapingWithSuffixes`: `http.server.request.duration` in `s` is written
//! `http_server_request_duration_seconds`. [`Names::Dotted`] is its strategy `NoUTF8EscapingWithSuffixes`.

pub mod openmetrics;
pub mod protobuf;
pub mod text;

pub(crate) mod name;

mod accept;
mod canonical;
mod escape;
mod escaping;
mod exemplar;
mod format;
mod head;
mod label_names;
mod naming;
mod negotiate;
mod number;
mod page;
mod pieces;
mod sample_name;
mod series;
mod timestamp;
mod unit;

use crate::store::Snapshot;

pub use self::escaping::Escaping;
pub use self::format::{Created, Format, Syntax};
pub use self::naming::Names;
pub use self::negotiate::negotiate;
pub use self::pieces::{Pieces, pieces};

/// Appends the snapshot to `out`, in the format. To keep a long `out` from page to page, cleared, spares the memory's
/// being fetched anew; [`pieces`] needs none.
///
/// Never panics.
pub fn encode(snapshot: &Snapshot, format: Format, out: &mut Vec<u8>) {
    if format.syntax() == Syntax::Protobuf {
        return protobuf::encode_as(snapshot, format, out);
    }
    // The bytes that are there become a text and bytes again without being copied: mostly there are none.
    let mut text = match String::from_utf8(std::mem::take(out)) {
        Ok(text) => text,
        Err(error) => {
            *out = error.into_bytes();
            String::new()
        }
    };
    page::encode(snapshot, format, &mut text);
    if out.is_empty() {
        *out = text.into_bytes();
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_page_is_appended_to_whatever_is_there() {
        let snapshot = Store::new().snapshot();
        let mut alone = Vec::new();
        encode(&snapshot, Format::OPEN_METRICS, &mut alone);
        for before in [&b""[..], b"text", b"\xff\xfe"] {
            let mut out = before.to_vec();
            encode(&snapshot, Format::OPEN_METRICS, &mut out);
            assert_eq!(out.strip_prefix(before).unwrap(), alone);
        }
    }
}
