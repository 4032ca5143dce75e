use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::Request;
use tower_service::Service;

use crate::observe::limit::passage::Passage;
use crate::observe::limit::{AdmittedFuture, LimitFuture, LimitWatch};
use crate::observe::readiness::Readiness;

/// The outer side of an [`ObserveLimit`](crate::ObserveLimit): every request comes in here.
#[derive(Debug)]
pub struct Limited<S, W> {
    inner: S,
    watch: W,
    readiness: Readiness,
}

/// The inner side of an [`ObserveLimit`](crate::ObserveLimit): a request that was let through arrives here.
#[derive(Debug, Clone)]
pub struct Admitted<S, W> {
    inner: S,
    watch: W,
}

// === impl Limited ===

impl<S, W> Limited<S, W> {
    pub(super) fn new(inner: S, watch: W) -> Self {
        Self { inner, watch, readiness: Readiness::default() }
    }
}

impl<S: Clone, W: Clone> Clone for Limited<S, W> {
    fn clone(&self) -> Self {
        // A clone is another service, for which nobody has waited yet.
        Self::new(self.inner.clone(), self.watch.clone())
    }
}

impl<S, W, B> Service<Request<B>> for Limited<S, W>
where
    S: Service<Request<B>>,
    W: LimitWatch,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = LimitFuture<S::Future, W>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let ready = self.inner.poll_ready(cx);
        self.readiness.note(&ready);
        ready
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        #[allow(clippy::disallowed_methods, reason = "the start of a wait, which is no exchange")]
        let since = self.readiness.take().map_or_else(Instant::now, |(since, _)| since);
        let through = Passage::give(request.extensions_mut(), since);
        LimitFuture::new(self.watch.clone(), through, || self.inner.call(request))
    }
}

// === impl Admitted ===

impl<S, W> Admitted<S, W> {
    pub(super) const fn new(inner: S, watch: W) -> Self {
        Self { inner, watch }
    }
}

impl<S, W, B> Service<Request<B>> for Admitted<S, W>
where
    S: Service<Request<B>>,
    W: LimitWatch,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AdmittedFuture<S::Future, W::Permit>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let since = Passage::take(request.extensions_mut());
        let permit = self.watch.admit(since.map_or(Duration::ZERO, |since| since.elapsed()));
        AdmittedFuture::new(self.inner.call(request), permit)
    }
}
