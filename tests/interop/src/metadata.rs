//! Metadata that comes back: one field in the head, one in the trailers, as the cases ask for.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::TryFutureExt;
use http::{HeaderName, Request, Response};
use http_body_util::BodyExt;
use tonic::body::Body;
use tower::{Layer, Service};

const INITIAL: HeaderName = HeaderName::from_static("x-grpc-test-echo-initial");
const TRAILING: HeaderName = HeaderName::from_static("x-grpc-test-echo-trailing-bin");

/// Puts it around a service: tonic has no way to give trailers of one's own to a success.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MetadataLayer;

/// The service of a [`MetadataLayer`].
#[derive(Debug, Clone)]
pub(crate) struct Metadata<S> {
    inner: S,
}

impl<S> Layer<S> for MetadataLayer {
    type Service = Metadata<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Metadata { inner }
    }
}

impl<S, B> Service<Request<B>> for Metadata<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let initial = request.headers().get(INITIAL).cloned();
        let trailing = request.headers().get(TRAILING).cloned();
        Box::pin(self.inner.call(request).map_ok(move |mut response| {
            if let Some(value) = initial {
                response.headers_mut().insert(INITIAL, value);
            }
            match trailing {
                None => response,
                Some(value) => response.map(|body| {
                    Body::new(body.map_frame(move |mut frame| {
                        if let Some(trailers) = frame.trailers_mut() {
                            trailers.insert(TRAILING, value.clone());
                        }
                        frame
                    }))
                }),
            }
        }))
    }
}
