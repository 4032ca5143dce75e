//! How a page is packed for its way.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

use crate::admin::headers;

/// Below this a page fits into one packet, packed or not.
const WORTH_PACKING: usize = 1400;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    /// The coding for a client with these headers: gzip, if it takes that no less gladly than the page as it is.
    pub(crate) fn negotiate(headers: &HeaderMap) -> Self {
        let (mut gzip, mut identity, mut any) = (None, None, None);
        let text = headers::joined(headers, ACCEPT_ENCODING).unwrap_or_default();
        for coding in text.split(',') {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight_of(weight);
            match name.trim() {
                name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
                    gzip = gzip.or(Some(weight));
                }
                name if name.eq_ignore_ascii_case("identity") => identity = identity.or(Some(weight)),
                "*" => any = any.or(Some(weight)),
                _ => {}
            }
        }
        let gzip = gzip.or(any).unwrap_or(0.0);
        if gzip > 0.0 && gzip >= identity.unwrap_or(0.0) { Self::Gzip } else { Self::Identity }
    }

    /// The page in this coding, where that is another than its own and worth it.
    pub(crate) fn pack(self, page: &[u8]) -> Option<Vec<u8>> {
        if self == Self::Identity || page.len() < WORTH_PACKING {
            return None;
        }
        // A page repeats itself so much that the quickest level leaves a tenth of it.
        let mut packer = GzEncoder::new(Vec::with_capacity(page.len() / 8), Compression::fast());
        // A vector takes whatever it is given: it does not fail.
        packer.write_all(page).and_then(|()| packer.finish()).ok()
    }
}

/// The weight of a coding; one that cannot be read is that of a coding which is not wanted.
fn weight_of(parameters: &str) -> f32 {
    let weight = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(values: &[&'static str], expected: Encoding) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        assert_eq!(Encoding::negotiate(&headers), expected, "{values:?}");
    }

    #[test]
    fn a_page_is_packed_for_those_who_ask() {
        use Encoding::{Gzip, Identity};
        check(&[], Identity);
        check(&[""], Identity);
        check(&["gzip"], Gzip);
        check(&["deflate, GZIP;q=0.5, br"], Gzip);
        check(&["br", "gzip"], Gzip);
        check(&["*"], Gzip);
        check(&["*, gzip;q=0"], Identity);
        check(&["gzip;q=0"], Identity);
        check(&["gzip;q=0.000"], Identity);
        check(&["gzip;q=high"], Identity);
        check(&["gzip;q=NaN"], Identity);
        check(&["gzip;q=0.5, identity"], Identity);
        check(&["gzip;q=1.0, identity;q=0.5"], Gzip);
        check(&["not gzip"], Identity);
    }

    #[test]
    fn a_packed_page_unpacks_to_itself() {
        let page = "a_total{b=\"c\"} 1\n".repeat(1000).into_bytes();
        let packed = Encoding::Gzip.pack(&page).unwrap();
        assert!(packed.len() < page.len() / 10);
        let mut unpacked = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, page);
    }

    #[test]
    fn what_nobody_asked_for_and_what_is_small_stay_as_they_are() {
        assert_eq!(Encoding::Identity.pack(&[1; 5000]), None);
        assert_eq!(Encoding::Gzip.pack(&[1; 50]), None);
    }
}
