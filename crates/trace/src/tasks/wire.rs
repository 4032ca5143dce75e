//! An envelope as headers, for brokers and other processes.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tower_telemetry_core::names::header::{X_ENQUEUED_AT, X_REQUEST_ID};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Enqueued, RequestId, Scope, TraceIds, Work};

use super::continuation::Continuation;
use super::envelope::Envelope;
use super::traced::Traced;
use crate::propagation::{self, Propagation};

/// A message is in the formats of W3C, whatever the services around it speak.
static WIRE: LazyLock<Propagation> = LazyLock::new(Propagation::default);

/// Where the request id of a message stands.
static REQUEST_ID: HeaderName = X_REQUEST_ID;

impl Envelope {
    /// Writes the envelope as headers of a message: `traceparent`, `tracestate`, `baggage`, `x-request-id`, as
    /// far as they are known, and `x-enqueued-at`.
    ///
    /// The names are those of messages, whatever the requests around them have: the id stands in `x-request-id`
    /// also where the request-id window was given another header, and the context is W3C's also where the trace
    /// window was given another format.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use tower_telemetry_trace::tasks::Envelope;
    ///
    /// let mut headers = BTreeMap::new();
    /// Envelope::seal().to_headers(|name, value| _ = headers.insert(name.to_owned(), value.to_owned()));
    /// assert!(headers.contains_key("x-enqueued-at"));
    /// ```
    pub fn to_headers(&self, mut set: impl FnMut(&str, &str)) {
        for (name, value) in &self.header_map() {
            // What is written here is ASCII: there is always a text.
            set(name.as_str(), value.to_str().unwrap_or_default());
        }
    }

    /// The same as a map of headers, for a message that travels by HTTP or gRPC.
    #[must_use]
    pub fn header_map(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        self.continuation().write(&REQUEST_ID, &mut headers);
        headers.insert(X_ENQUEUED_AT, HeaderValue::from(self.enqueued().unix_millis()));
        headers
    }

    /// Reads what [`to_headers`](Self::to_headers) wrote, from whatever holds the headers of a message.
    ///
    /// Read strictly: what is malformed is as good as absent, and so are other names than those that it writes.
    /// A message without a time is taken as handed over now. The trace context is remote, and belongs to no
    /// exchange of this process; [`Spans`](super::Spans) continue it. Where strangers can write messages, begin a
    /// new trace with [`start_linked`](super::Spans::start_linked).
    pub fn from_headers<K, V>(headers: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_ref())
                && let Ok(value) = HeaderValue::from_bytes(value.as_ref())
            {
                map.append(name, value);
            }
        }
        Self::from_header_map(&map)
    }

    /// The same from a map of headers.
    #[must_use]
    pub fn from_header_map(headers: &HeaderMap) -> Self {
        let told = headers.get(X_ENQUEUED_AT).and_then(|value| value.to_str().ok()?.parse().ok());
        Self::new(
            Continuation::read(&REQUEST_ID, headers),
            told.map_or_else(Enqueued::now, Enqueued::from_unix_millis),
        )
    }
}

impl<T> Traced<T> {
    /// Writes the envelope as headers of a message, as [`Envelope::to_headers`].
    pub fn to_headers(&self, set: impl FnMut(&str, &str)) {
        self.envelope().to_headers(set);
    }

    /// The value of a message with these headers, as [`Envelope::from_headers`].
    pub fn from_headers<K, V>(value: T, headers: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        Self::from_parts(value, Envelope::from_headers(headers))
    }
}

impl Continuation {
    /// Writes the context, and the request id by this name, in place of any that stand there.
    pub(crate) fn write(&self, id_name: &HeaderName, headers: &mut HeaderMap) {
        WIRE.write(self.ids().as_ref(), self.context(), headers);
        if let Some(id) = self.scope().request_id() {
            headers.insert(id_name, id.header_value());
        }
    }

    /// What [`write`](Self::write) wrote, perhaps in another process.
    pub(crate) fn read(id_name: &HeaderName, headers: &HeaderMap) -> Self {
        let caller = WIRE.read(headers);
        let request_id = headers.get(id_name).and_then(RequestId::from_header);
        if caller.ids.is_none() && request_id.is_none() {
            return Self::new(Scope::default(), caller.attach_to(&Context::new()));
        }
        let work = Work::new().with_trace(caller.ids).with_request_id(request_id);
        Self::new(Scope::of_work(work), caller.attach_to(&Context::new()))
    }

    /// The ids of the active span.
    pub(crate) fn ids(&self) -> Option<TraceIds> {
        let ids = propagation::ids_of(self.context().span().span_context())?;
        // The spans of an SDK forget whether their trace is random; the card has kept it.
        let kept = self.scope().trace().filter(|kept| kept.trace_id == ids.trace_id);
        let random = if kept.is_some_and(|kept| kept.flags.is_random()) {
            TraceFlags::RANDOM
        } else {
            TraceFlags::NONE
        };
        Some(TraceIds { flags: ids.flags.with(random), ..ids })
    }
}
