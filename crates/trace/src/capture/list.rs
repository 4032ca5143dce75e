//! One list, and what it finds.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{Array, Key, KeyValue, StringValue, Value};
use tower_telemetry_core::Protocol;

use crate::capture::error::CaptureError;
use crate::capture::lists::{Capture, checked};
use crate::capture::text::text;

/// A header that comes more often is told by its first values.
const VALUES_MAX: usize = 16;

/// The headers of one list, with the keys of their attributes.
#[derive(Debug, Clone, Default)]
pub(super) struct List(Vec<Listed>);

#[derive(Debug, Clone)]
struct Listed {
    header: HeaderName,
    http: Key,
    rpc: Key,
}

/// Which headers are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Request,
    Response,
    Trailers,
}

/// What a list found: keys and values, not yet made into texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Captured(Vec<(Key, HeaderValue)>);

impl List {
    pub(super) fn add(
        &mut self,
        names: impl IntoIterator<Item = &'static str>,
        http: &str,
        rpc: &str,
    ) -> Result<(), CaptureError> {
        for name in names {
            let header = checked(name)?;
            let key = |prefix: &str| Key::from(Arc::<str>::from(format!("{prefix}.{header}")));
            let (http, rpc) = (key(http), key(rpc));
            if self.0.iter().all(|listed| listed.header != header) {
                self.0.push(Listed { header, http, rpc });
            }
        }
        Ok(())
    }
}

impl Captured {
    /// What is listed of a request, if anything is.
    pub(crate) fn of_request(protocol: Protocol, capture: Option<&Capture>, headers: &HeaderMap) -> Self {
        let mut captured = Self::default();
        if let Some(capture) = capture {
            captured.find(Of::Request, protocol, capture, headers);
        }
        captured
    }

    /// Finds what is listed, in order of the list; without an allocation where nothing is.
    pub(crate) fn find(&mut self, of: Of, protocol: Protocol, capture: &Capture, headers: &HeaderMap) {
        let list = match of {
            Of::Request => &capture.request,
            Of::Response => &capture.response,
            Of::Trailers => &capture.trailers,
        };
        for listed in &list.0 {
            let key = if protocol.is_grpc() { &listed.rpc } else { &listed.http };
            let values = headers.get_all(&listed.header).iter().filter(|value| !value.is_sensitive());
            self.0.extend(values.take(VALUES_MAX).map(|value| (key.clone(), value.clone())));
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One attribute for each header, a list of texts.
    pub(crate) fn write(&self, attributes: &mut Vec<KeyValue>) {
        for same in self.0.chunk_by(|(key, _), (next, _)| key == next) {
            let Some((key, _)) = same.first() else { continue };
            let values: Vec<StringValue> = same.iter().map(|(_, value)| text(value)).collect();
            attributes.push(KeyValue::new(key.clone(), Value::Array(Array::String(values))));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn captured(protocol: Protocol, capture: &Capture, headers: &[(&'static str, HeaderValue)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.clone());
        }
        let (mut found, mut attributes) = (Captured::default(), Vec::new());
        for of in [Of::Request, Of::Response, Of::Trailers] {
            found.find(of, protocol, capture, &map);
        }
        found.write(&mut attributes);
        let told: Vec<_> = attributes.iter().map(|told| format!("{} {}", told.key, told.value)).collect();
        told.join("; ")
    }

    #[test]
    fn what_is_listed_is_told_in_lower_case_with_all_its_values() {
        let capture =
            Capture::new().request(["X-Tenant", "x-tenant"]).unwrap().response(["x-cache"]).unwrap();
        let value = HeaderValue::from_static;
        let headers = [
            ("x-tenant", value("a")),
            ("x-other", value("b")),
            ("x-tenant", value("c")),
            ("x-cache", value("d")),
        ];
        assert_eq!(
            captured(Protocol::Http, &capture, &headers),
            "http.request.header.x-tenant [\"a\",\"c\"]; http.response.header.x-cache [\"d\"]"
        );
        assert_eq!(
            captured(Protocol::Grpc, &capture, &headers),
            "rpc.request.header.x-tenant [\"a\",\"c\"]; rpc.response.header.x-cache [\"d\"]"
        );
    }

    #[test]
    fn a_sensitive_value_is_never_told() {
        let capture = Capture::new().trailers(["x-token"]).unwrap();
        let mut secret = HeaderValue::from_static("secret");
        secret.set_sensitive(true);
        let headers = [("x-token", secret), ("x-token", HeaderValue::from_static("public"))];
        assert_eq!(captured(Protocol::Grpc, &capture, &headers), "rpc.response.trailer.x-token [\"public\"]");
        assert_eq!(captured(Protocol::Grpc, &capture, &headers[..1]), "");
    }

    #[test]
    fn values_are_bounded_in_number() {
        let capture = Capture::new().request(["x-many"]).unwrap();
        let headers = vec![("x-many", HeaderValue::from_static("v")); VALUES_MAX + 5];
        assert_eq!(captured(Protocol::Http, &capture, &headers).matches('v').count(), VALUES_MAX);
    }
}
