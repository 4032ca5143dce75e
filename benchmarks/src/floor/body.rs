//! A body that says when it ended, or was dropped.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{cell::Cell, ids::Ids, line};

/// A request on its way: its drop is its end.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) cell: Arc<Cell>,
    pub(super) start: Instant,
    pub(super) ids: Ids,
    pub(super) status: u16,
}

pin_project! {
    #[derive(Debug)]
    pub(crate) struct FullBody<B> {
        #[pin]
        inner: B,
        running: Option<Running>,
    }
}

impl<B> FullBody<B> {
    pub(super) const fn new(inner: B, running: Option<Running>) -> Self {
        Self { inner, running }
    }
}

impl<B: Body> Body for FullBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.inner.poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            *this.running = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let after = self.start.elapsed();
        self.cell.end(self.status, after);
        line::write(&self.ids, self.status, after);
    }
}
