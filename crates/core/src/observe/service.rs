use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::observe::layer::Plan;
use crate::observe::live::Live;
use crate::observe::readiness::Readiness;
use crate::observe::{AsIs, MapBody, ResponseBody, ResponseFuture};
use crate::signal::Signal;

/// The service of an [`ObserveLayer`](crate::ObserveLayer).
#[derive(Debug)]
pub struct Observe<I, S, M = AsIs> {
    inner: I,
    plan: Arc<Plan<S>>,
    readiness: Readiness,
    map: PhantomData<fn() -> M>,
}

impl<I, S, M> Observe<I, S, M> {
    pub(crate) fn new(inner: I, plan: Arc<Plan<S>>) -> Self {
        Self { inner, plan, readiness: Readiness::default(), map: PhantomData }
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

impl<I: Clone, S, M> Clone for Observe<I, S, M> {
    fn clone(&self) -> Self {
        // A clone is another service, for which nobody has waited yet.
        Self::new(self.inner.clone(), Arc::clone(&self.plan))
    }
}

impl<I, S, M, B, R> Service<Request<B>> for Observe<I, S, M>
where
    I: Service<Request<B>, Response = Response<R>>,
    I::Error: 'static,
    R: Body,
    R::Error: 'static,
    S: Signal,
    M: MapBody<ResponseBody<R, S::Observer>>,
{
    type Response = Response<M::Body>;
    type Error = I::Error;
    type Future = ResponseFuture<I::Future, S::Observer, M>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let ready = self.inner.poll_ready(cx);
        self.readiness.note(&ready);
        ready
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        let waited = self.readiness.take().map(|(_, waited)| waited);
        let mut live = Live::start(&self.plan, &mut head, waited);
        // The request is under way before `call`, which may do work, call others and panic.
        // By hand what `within` and `guarded` do: a future is large, and would be copied out of each closure.
        let (entered, running) = live.enter();
        let guard = running.guard();
        let panicked = std::mem::replace(&mut running.polling, true);
        let inner = self.inner.call(Request::from_parts(head, body));
        running.polling = panicked;
        drop(guard);
        drop(entered);
        ResponseFuture::new(inner, live)
    }
}
