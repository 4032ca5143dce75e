//! The header that carries the id.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::header;
use tower_telemetry_core::pick;

static X_REQUEST_ID: HeaderName = header::X_REQUEST_ID;

/// The name of the header, small enough to go along with every exchange.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header(Option<Arc<HeaderName>>);

impl Header {
    /// `x-request-id`, or the one in its place.
    pub(crate) fn name(&self) -> &HeaderName {
        self.0.as_deref().unwrap_or(&X_REQUEST_ID)
    }

    /// Its first value in this head.
    pub(crate) fn of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let [value] = pick(headers, [self.name()]);
        value
    }
}

impl From<HeaderName> for Header {
    fn from(name: HeaderName) -> Self {
        Self((name != X_REQUEST_ID).then(|| Arc::new(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_found_in_a_small_head_and_in_a_large_one() {
        let own = Header::from(HeaderName::from_static("x-own-id"));
        for (header, name) in [(Header::default(), "x-request-id"), (own, "x-own-id")] {
            for others in [0, 3, 40] {
                let mut headers: HeaderMap = (0..others)
                    .filter_map(|n| {
                        Some((HeaderName::try_from(format!("x-{n}")).ok()?, HeaderValue::from(n)))
                    })
                    .collect();
                assert_eq!(header.of(&headers), None);
                for value in ["first", "second"] {
                    headers.append(header.name(), HeaderValue::from_static(value));
                }
                assert_eq!((header.name().as_str(), header.of(&headers)), (name, headers.get(name)));
                assert_eq!(header.of(&headers), Some(&HeaderValue::from_static("first")));
            }
        }
    }
}
