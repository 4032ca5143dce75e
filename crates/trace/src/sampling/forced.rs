//! Who may ask for a trace.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, request};

/// Requests that are kept because they ask for it: by a header with a secret, or by a test of one's own.
///
/// Kept within the budget, whichever part of it has something left.
///
/// ```
/// use tower_telemetry_trace::sampling::Forced;
///
/// let forced = Forced::by_header(http::HeaderName::from_static("x-debug-trace"), "a secret of the deployment");
/// # let _ = forced;
/// ```
#[derive(Clone)]
pub struct Forced(Kind);

#[derive(Clone)]
enum Kind {
    Header(HeaderName, Arc<[u8]>),
    Test(Arc<dyn Fn(&request::Parts) -> bool + Send + Sync>),
}

impl Forced {
    /// Requests with this header of exactly this value; none, if it is empty.
    ///
    /// The value is a secret: whoever knows it makes the service write spans. It is compared in constant time.
    #[must_use]
    pub fn by_header(name: HeaderName, secret: impl AsRef<[u8]>) -> Self {
        Self(Kind::Header(name, secret.as_ref().into()))
    }

    /// Requests that pass a test, such as for the address of a trusted peer in the extensions.
    #[must_use]
    pub fn by(test: impl Fn(&request::Parts) -> bool + Send + Sync + 'static) -> Self {
        Self(Kind::Test(Arc::new(test)))
    }

    pub(super) fn asks(&self, head: &request::Parts) -> bool {
        match &self.0 {
            Kind::Header(name, secret) => head
                .headers
                .get(name)
                .is_some_and(|value| !secret.is_empty() && are_equal(value.as_bytes(), secret)),
            Kind::Test(test) => test(head),
        }
    }
}

// By hand: a secret is not to be printed, and a closure cannot be.
impl fmt::Debug for Forced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Header(name, _) => f.debug_tuple("Forced").field(name).finish(),
            Kind::Test(_) => f.debug_tuple("Forced").finish(),
        }
    }
}

/// In a time that depends on the lengths alone.
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: HeaderName = HeaderName::from_static("x-debug-trace");

    fn head(value: Option<&'static str>) -> request::Parts {
        let (mut head, ()) = http::Request::new(()).into_parts();
        if let Some(value) = value {
            head.headers.insert(NAME, http::HeaderValue::from_static(value));
        }
        head
    }

    #[test]
    fn only_the_secret_forces() {
        let forced = Forced::by_header(NAME, "open sesame");
        assert!(forced.asks(&head(Some("open sesame"))));
        for value in [None, Some(""), Some("open sesam"), Some("open sesame!"), Some("OPEN SESAME")] {
            assert!(!forced.asks(&head(value)), "{value:?}");
        }
        assert!(!Forced::by_header(NAME, "").asks(&head(Some(""))));
        assert!(!format!("{forced:?}").contains("sesame"));
    }

    #[test]
    fn a_test_of_ones_own_forces() {
        let forced = Forced::by(|head| head.extensions.get::<u8>().is_some());
        let mut asks = head(None);
        asks.extensions.insert(1_u8);
        assert!(forced.asks(&asks) && !forced.asks(&head(None)));
    }
}
