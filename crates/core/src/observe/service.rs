use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::observe::layer::Plan;
use crate::observe::live::Live;
use crate::observe::{ResponseBody, ResponseFuture};
use crate::signal::Signal;

/// The service of an [`ObserveLayer`](crate::ObserveLayer).
#[derive(Debug)]
pub struct Observe<I, S> {
    inner: I,
    plan: Arc<Plan<S>>,
}

impl<I, S> Observe<I, S> {
    pub(crate) fn new(inner: I, plan: Arc<Plan<S>>) -> Self {
        Self { inner, plan }
    }

    /// The observed service.
    pub fn get_ref(&self) -> &I {
        &self.inner
    }

    /// The observed service, to change.
    pub fn get_mut(&mut self) -> &mut I {
        &mut self.inner
    }

    /// The observed service, unwrapped.
    pub fn into_inner(self) -> I {
        self.inner
    }
}

impl<I: Clone, S> Clone for Observe<I, S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), plan: Arc::clone(&self.plan) }
    }
}

impl<I, S, B, R> Service<Request<B>> for Observe<I, S>
where
    I: Service<Request<B>, Response = Response<R>>,
    I::Error: 'static,
    R: Body,
    R::Error: 'static,
    S: Signal,
{
    type Response = Response<ResponseBody<R, S::Observer>>;
    type Error = I::Error;
    type Future = ResponseFuture<I::Future, S::Observer>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        let mut live = Live::start(&self.plan, &mut head);
        // The request is under way before `call`, which may do work, call others and panic.
        let inner =
            live.within(|running| running.guarded(|| self.inner.call(Request::from_parts(head, body))));
        ResponseFuture::new(inner, live)
    }
}
