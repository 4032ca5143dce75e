//! What spans tell beside what the conventions recommend, by choice.

use std::sync::Arc;

use http::Extensions;
use tower_telemetry_core::PeerAddr;

use crate::capture::Capture;
use crate::extra::{Extra, Extras};
use crate::layer::Trace;
use crate::streams::StreamSpans;

/// The choices of a window; nothing is held where none was made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Style(Option<Arc<Choices>>);

#[derive(Debug, Clone, Default)]
struct Choices {
    capture: Capture,
    extras: Extras,
    streams: StreamSpans,
    frame_events: u32,
    peer: Option<fn(&Extensions) -> Option<PeerAddr>>,
}

impl<T> Trace<T> {
    /// Writes these headers and this metadata on spans; by default none.
    ///
    /// ```
    /// # use opentelemetry_sdk::trace::SdkTracerProvider;
    /// use tower_telemetry_trace::{Capture, CaptureError, Trace};
    ///
    /// # fn main() -> Result<(), CaptureError> {
    /// # let provider = SdkTracerProvider::builder().build();
    /// let trace = Trace::with_tracer_provider(&provider)
    ///     .with_captured_headers(Capture::new().request(["x-tenant"])?.response(["x-cache"])?);
    /// # let _ = trace;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_captured_headers(self, capture: Capture) -> Self {
        self.choose(|choices| choices.capture = capture)
    }

    /// Writes these attributes too, which the conventions leave to choice.
    #[must_use]
    pub fn with_extra_attributes(self, extras: impl IntoIterator<Item = Extra>) -> Self {
        self.choose(|choices| choices.extras = extras.into_iter().collect())
    }

    /// Ends the spans of long streams in this way.
    #[must_use]
    pub fn with_streams(self, streams: StreamSpans) -> Self {
        self.choose(|choices| choices.streams = streams)
    }

    /// Writes an event with the size of each frame of response body, at most so many for a span; by default none.
    ///
    /// A frame is what the body gives at a time: a message of a slow stream, or a part or several of a quick one. A
    /// span that was kept only at its end has none.
    #[must_use]
    pub fn with_frame_events(self, at_most: u32) -> Self {
        self.choose(|choices| choices.frame_events = at_most)
    }

    /// Reads the peer where a stack tells it in its own way: in the extensions of a server's requests and a client's
    /// responses. Asked where [`PeerAddr::of`] knows none.
    #[must_use]
    pub fn with_peer(self, read: fn(&Extensions) -> Option<PeerAddr>) -> Self {
        self.choose(|choices| choices.peer = Some(read))
    }

    fn choose(mut self, choice: impl FnOnce(&mut Choices)) -> Self {
        choice(Arc::make_mut(self.style.0.get_or_insert_default()));
        self
    }
}

impl Style {
    pub(crate) fn capture(&self) -> Option<&Capture> {
        self.0.as_ref().map(|choices| &choices.capture)
    }

    pub(crate) fn wants(&self, extra: Extra) -> bool {
        self.0.as_ref().is_some_and(|choices| choices.extras.has(extra))
    }

    pub(crate) fn peer(&self, extensions: &Extensions) -> Option<PeerAddr> {
        PeerAddr::of(extensions).or_else(|| self.0.as_ref()?.peer?(extensions))
    }

    pub(crate) fn streams(&self) -> StreamSpans {
        self.0.as_ref().map_or(StreamSpans::Whole, |choices| choices.streams)
    }

    pub(crate) fn frame_events(&self) -> u32 {
        self.0.as_ref().map_or(0, |choices| choices.frame_events)
    }
}
