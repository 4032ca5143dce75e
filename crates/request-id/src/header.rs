//! The header that carries the id.

use std::sync::Arc;

use http::header::ORIGIN;
use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::header;

static X_REQUEST_ID: HeaderName = header::X_REQUEST_ID;

/// The name of the header, small enough to go along with every exchange.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header(Option<Arc<HeaderName>>);

impl Header {
    /// `x-request-id`.
    pub(crate) const USUAL: Self = Self(None);

    /// `x-request-id`, or the one in its place.
    pub(crate) fn name(&self) -> &HeaderName {
        self.0.as_deref().unwrap_or(&X_REQUEST_ID)
    }

    /// The same to be written. The usual one is a constant, and not the copy of a static.
    #[inline]
    pub(crate) fn to_name(&self) -> HeaderName {
        self.0.as_deref().map_or(header::X_REQUEST_ID, HeaderName::clone)
    }

    /// What this head says in it, and whether it names an origin: one look for both.
    pub(crate) fn look<'a>(&self, headers: &'a HeaderMap) -> (Told<'a>, Origin) {
        let wanted = self.name();
        let (mut is_told, mut origin) = (false, Origin::Untold);
        // Nearly every head of a stranger has neither: no value is looked at, and no name hashed.
        for name in headers.keys() {
            is_told |= name == wanted;
            if *name == ORIGIN {
                origin = Origin::Told;
            }
        }
        if !is_told {
            return (Told::Never, origin);
        }
        let mut lines = headers.get_all(wanted).iter();
        let told = match (lines.next(), lines.next()) {
            (Some(first), Some(_)) => Told::Again(first),
            (Some(only), None) => Told::Once(only),
            (None, _) => Told::Never,
        };
        (told, origin)
    }
}

/// What a head says in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told<'a> {
    /// Nothing.
    Never,
    /// This.
    Once(&'a HeaderValue),
    /// This, and then something else.
    Again(&'a HeaderValue),
}

/// Whether a page of another origin may have asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Told,
    Untold,
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
    fn a_line_is_found_in_a_small_head_and_in_a_large_one() {
        let own = Header::from(HeaderName::from_static("x-own-id"));
        for header in [Header::default(), own] {
            for others in [0, 3, 40] {
                let mut headers: HeaderMap = (0..others)
                    .filter_map(|n| {
                        Some((HeaderName::try_from(format!("x-{n}")).ok()?, HeaderValue::from(n)))
                    })
                    .collect();
                let (first, second) = (HeaderValue::from_static("first"), HeaderValue::from_static("second"));
                assert_eq!(header.look(&headers), (Told::Never, Origin::Untold));
                headers.append(header.name(), first.clone());
                assert_eq!(header.look(&headers), (Told::Once(&first), Origin::Untold));
                headers.append(&ORIGIN, HeaderValue::from_static("https://a.example"));
                headers.append(header.name(), second);
                assert_eq!(header.look(&headers), (Told::Again(&first), Origin::Told));
            }
        }
    }
}
