//! The header that carries the id.

use std::sync::Arc;

use http::header::ORIGIN;
use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::header;

/// Heads of more fields than this are asked by hash: about there a walk over all of them costs as much.
const WALKED: usize = 16;

static X_REQUEST_ID: HeaderName = header::X_REQUEST_ID;

/// The name of the header, small enough to go along with every exchange.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header(Option<Arc<HeaderName>>);

impl Header {
    /// `x-request-id`, or the one in its place.
    pub(crate) fn name(&self) -> &HeaderName {
        self.0.as_deref().unwrap_or(&X_REQUEST_ID)
    }

    /// What this head says in it, and whether it names an origin: one walk for both.
    pub(crate) fn look<'a>(&self, headers: &'a HeaderMap) -> (Told<'a>, Origin) {
        let (wanted, mut told, mut origin) = (self.name(), Told::Never, Origin::Untold);
        if headers.len() > WALKED {
            headers.get_all(wanted).iter().for_each(|line| told = told.and(line));
            return (told, if headers.contains_key(ORIGIN) { Origin::Told } else { Origin::Untold });
        }
        for (name, value) in headers {
            if name == wanted {
                told = told.and(value);
            } else if *name == ORIGIN {
                origin = Origin::Told;
            }
        }
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

impl<'a> Told<'a> {
    fn and(self, line: &'a HeaderValue) -> Self {
        match self {
            Self::Never => Self::Once(line),
            Self::Once(first) | Self::Again(first) => Self::Again(first),
        }
    }
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
            for others in [0, 3, WALKED, 40] {
                let mut headers: HeaderMap = (0..others)
                    .filter_map(|n| {
                        Some((HeaderName::try_from(format!("x-{n}")).ok()?, HeaderValue::from(n)))
                    })
                    .collect();
                let (first, second) = (HeaderValue::from_static("first"), HeaderValue::from_static("second"));
                assert_eq!(header.look(&headers), (Told::Never, Origin::Untold));
                headers.append(header.name(), first.clone());
                assert_eq!(header.look(&headers), (Told::Once(&first), Origin::Untold));
                headers.append(ORIGIN, HeaderValue::from_static("https://a.example"));
                headers.append(header.name(), second);
                assert_eq!(header.look(&headers), (Told::Again(&first), Origin::Told));
            }
        }
    }
}
