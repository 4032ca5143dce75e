//! A visit: the number that a caller gives to one call, taken along by hand.
//!
//! Telemetry knows nothing of it. Whatever the shop says of a call bears the number, so the ids beside it can be checked:
//! they have to be those of the call that has this number.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderValue, request};
use tonic::metadata::MetadataMap;

/// The header, or metadata, in which it travels.
pub(crate) const HEADER: &str = "x-visit";

/// The number of the call that something is done for; callers from outside give none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Visit(Option<u64>);

impl Visit {
    /// A call without a number.
    pub(crate) const UNTOLD: Self = Self(None);

    pub(crate) const fn numbered(number: u64) -> Self {
        Self(Some(number))
    }

    /// That of a call with this head.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self(headers.get(HEADER).and_then(|value| value.to_str().ok()?.parse().ok()))
    }

    /// That of a gRPC call with this metadata.
    pub(crate) fn of_call(metadata: &MetadataMap) -> Self {
        Self(metadata.get(HEADER).and_then(|value| value.to_str().ok()?.parse().ok()))
    }

    /// As a field of a log line.
    pub(crate) const fn number(self) -> Option<u64> {
        self.0
    }

    /// Takes it along in a request.
    pub(crate) fn send(self, headers: &mut HeaderMap) {
        if let Some(number) = self.0 {
            headers.insert(HEADER, HeaderValue::from(number));
        }
    }

    /// Takes it along in a gRPC call.
    pub(crate) fn send_call(self, metadata: &mut MetadataMap) {
        if let Some(number) = self.0 {
            metadata.insert(HEADER, number.into());
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut request::Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&head.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_travels_in_both_protocols_and_what_is_no_number_is_none() {
        let (mut headers, mut metadata) = (HeaderMap::new(), MetadataMap::new());
        let visit = Visit::numbered(u64::MAX);
        visit.send(&mut headers);
        visit.send_call(&mut metadata);
        assert_eq!((Visit::of(&headers), Visit::of_call(&metadata)), (visit, visit));
        headers.insert(HEADER, HeaderValue::from_static("seven"));
        assert_eq!(Visit::of(&headers), Visit::UNTOLD);
        Visit::UNTOLD.send_call(&mut metadata);
        assert_eq!(Visit::of_call(&metadata), visit);
    }
}
