//! Futures and bodies, driven by hand on this thread.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::Body;
use tower_service::Service;

/// What one poll of a body gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen<E> {
    /// A frame of data.
    Data(Bytes),
    /// A frame of trailers.
    Trailers(HeaderMap),
    /// A frame of a kind that `http-body` has learnt meanwhile.
    Unknown,
    /// An error.
    Error(E),
    /// Nothing yet.
    Pending,
    /// The end.
    End,
}

/// Polls a future once, with a waker that wakes nobody.
pub fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls a future until it is done, or until it waits for something that has not woken it: then `None`.
pub fn run<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(Arc::clone(&alarm));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        if !alarm.rang() {
            return None;
        }
    }
}

/// Asks a service whether it is ready, and calls it.
///
/// # Panics
/// If it is not ready at once.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub fn call<Q, S: Service<Q>>(service: &mut S, request: Q) -> S::Future {
    match service.poll_ready(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(())) => service.call(request),
        Poll::Ready(Err(_)) => panic!("the service failed when it was asked whether it is ready"),
        Poll::Pending => panic!("the service is not ready"),
    }
}

/// Polls a body once, with a waker that wakes nobody.
pub fn poll_body<B: Body + ?Sized>(body: Pin<&mut B>) -> Seen<B::Error> {
    see::<B>(body, Waker::noop())
}

/// Polls a body until its end, its error, or a pending poll that nobody has woken; all that it gave stands in the result.
pub fn read_body<B: Body + ?Sized>(mut body: Pin<&mut B>) -> Vec<Seen<B::Error>> {
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(Arc::clone(&alarm));
    let mut seen = Vec::new();
    loop {
        let next = see(body.as_mut(), &waker);
        let is_last = match next {
            Seen::Error(_) | Seen::End => true,
            Seen::Pending => !alarm.rang(),
            Seen::Data(_) | Seen::Trailers(_) | Seen::Unknown => false,
        };
        seen.push(next);
        if is_last {
            return seen;
        }
    }
}

fn see<B: Body + ?Sized>(body: Pin<&mut B>, waker: &Waker) -> Seen<B::Error> {
    match body.poll_frame(&mut Context::from_waker(waker)) {
        Poll::Pending => Seen::Pending,
        Poll::Ready(None) => Seen::End,
        Poll::Ready(Some(Err(error))) => Seen::Error(error),
        Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
            Ok(mut data) => Seen::Data(data.copy_to_bytes(data.remaining())),
            Err(frame) => frame.into_trailers().map_or(Seen::Unknown, Seen::Trailers),
        },
    }
}

/// Notes that it was woken.
#[derive(Debug, Default)]
struct Alarm(AtomicBool);

impl Alarm {
    /// Whether it was woken since it was last asked.
    fn rang(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
