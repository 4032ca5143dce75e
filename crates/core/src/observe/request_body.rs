use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::body_reader::BodyReader;
use crate::exchange::Exchange;

/// Counts the request body of an exchange as it passes: its bytes, and the messages of a gRPC stream.
///
/// Without it, the size of a request is what `content-length` announces, and that of a stream is unknown.
///
/// **Stands** inside of the windows, on either side, where the service behind takes any body: an axum `Router`, the
/// routes of tonic, a client of hyper-util. A tonic `Channel` takes only its own: put a layer that maps the body back
/// behind this one. Of several layers around one another, the outermost counts. **Reads** and **writes** no header.
/// **Costs** a reference count and some 20 instructions for each frame; it changes no frame, size hint or end.
///
/// ```
/// use tower_layer::Layer;
/// use tower_telemetry_core::{RequestBodyLayer, SignalExt};
///
/// # #[derive(Clone)] struct App;
/// let counted = RequestBodyLayer::new().layer(App);
/// let observed = ().server().layer(counted);
/// # let _ = observed;
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestBodyLayer(());

/// The service of a [`RequestBodyLayer`].
#[derive(Debug, Clone)]
pub struct RequestBodyService<S> {
    inner: S,
}

pin_project! {
    /// The request body behind a [`RequestBodyLayer`]: the same frames, size hint and end.
    pub struct RequestBody<B> {
        #[pin]
        inner: B,
        count: Option<Count>,
    }
}

struct Count {
    exchange: Arc<Exchange>,
    reader: BodyReader,
    bytes: u64,
}

impl RequestBodyLayer {
    /// The layer.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for RequestBodyLayer {
    type Service = RequestBodyService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestBodyService { inner }
    }
}

// === impl RequestBodyService ===

impl<S, B> Service<Request<B>> for RequestBodyService<S>
where
    S: Service<Request<RequestBody<B>>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let exchange = Exchange::of(request.extensions()).filter(|exchange| exchange.claims_request_body());
        let count = exchange.map(|exchange| Count {
            exchange: Arc::clone(exchange),
            reader: BodyReader::of(exchange.protocol, request.headers()),
            bytes: 0,
        });
        self.inner.call(request.map(|inner| RequestBody { inner, count }))
    }
}

// === impl RequestBody ===

impl<B> RequestBody<B> {
    /// The body, unwrapped: what has not passed yet is not counted any more.
    pub fn into_inner(self) -> B {
        self.inner
    }
}

impl<B: Body> Body for RequestBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.project();
        let next = ready!(this.inner.poll_frame(cx));
        if let (Some(Ok(frame)), Some(count)) = (&next, this.count)
            && let Some(data) = frame.data_ref()
        {
            count.data(data);
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> fmt::Debug for RequestBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").finish_non_exhaustive()
    }
}

// === impl Count ===

impl Count {
    fn data(&mut self, data: &impl Buf) {
        self.bytes = self.bytes.saturating_add(data.remaining() as u64);
        self.reader.read(data);
        self.exchange.tell_request_body(self.bytes, self.reader.messages());
    }
}
