//! A layer that sends a request again.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;
use tower_telemetry_testing::{EndAnswer, Scripted, call, read_body, run};

use crate::row::{Answer, Body, body, respond};

/// Sends copies of a request, made at its own door, as tower's `Retry` and `Hedge` do.
#[derive(Debug, Clone)]
pub(crate) struct Again<S> {
    pub(crate) inner: S,
    pub(crate) how: How,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum How {
    /// One after the other, up to this many, until one answers below 500.
    Retry(usize),
    /// Two at once; who answers first is heard, the other is dropped.
    Hedge,
}

impl<S, B> Service<Request<()>> for Again<S>
where
    S: Service<Request<()>, Response = Response<B>> + Clone + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let mut inner = self.inner.clone();
        match self.how {
            How::Retry(attempts) => Box::pin(async move {
                for _ in 1..attempts {
                    let result = call(&mut inner, request.clone()).await;
                    if result.as_ref().is_ok_and(|response| response.status().as_u16() < 500) {
                        return result;
                    }
                }
                call(&mut inner, request).await
            }),
            How::Hedge => Box::pin(async move {
                let mut one = Box::pin(call(&mut inner, request.clone()));
                let mut two = Box::pin(call(&mut inner, request));
                poll_fn(|cx| match one.as_mut().poll(cx) {
                    Poll::Pending => two.as_mut().poll(cx),
                    ready => ready,
                })
                .await
            }),
        }
    }
}

pub(crate) fn empty(status: u16) -> Answer {
    respond(status, body().with_end(EndAnswer::Always))
}

pub(crate) fn scripted(replies: impl IntoIterator<Item = Answer>) -> Scripted<Body, io::Error> {
    Scripted::new(replies)
}

/// Sends a request and reads the response to its end.
pub(crate) fn exchange<S, B>(mut service: S) -> u16
where
    S: Service<Request<()>, Response = Response<B>, Error = io::Error>,
    B: http_body::Body,
{
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    let status = response.status().as_u16();
    read_body(Box::pin(response.into_body()).as_mut());
    status
}
