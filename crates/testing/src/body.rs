//! A body that follows a script, and says of its size and its end what it is told to say.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use crate::body_step::{ScriptedError, Step};

/// A body that follows a script of [`Step`]s.
///
/// It is a stream that knows nothing of its end unless told otherwise: the size hint is unbounded, `is_end_stream` is
/// false, and only `None` ends it. A script that is over gives `None` for ever.
///
/// ```
/// use tower_telemetry_testing::{EndAnswer, ScriptedBody, Seen, SizeAnswer, read_body};
/// use std::pin::pin;
///
/// let body = ScriptedBody::new()
///     .data("hello ")
///     .pending()
///     .data("world")
///     .with_size(SizeAnswer::Remaining)
///     .with_end(EndAnswer::Eager);
/// assert_eq!(read_body(pin!(body)), [
///     Seen::Data("hello ".into()), Seen::Pending, Seen::Data("world".into()), Seen::End,
/// ]);
/// ```
#[derive(Debug, Clone)]
pub struct ScriptedBody<E = ScriptedError> {
    steps: VecDeque<Step<E>>,
    size: SizeAnswer,
    end: EndAnswer,
}

/// What a [`ScriptedBody`] says of its size.
#[derive(Debug, Clone, Default)]
pub enum SizeAnswer {
    /// Nothing: from 0 bytes to any number.
    #[default]
    Unknown,
    /// The truth: exactly the data that is still to come.
    Remaining,
    /// This, whatever is still to come.
    Fixed(SizeHint),
}

impl SizeAnswer {
    /// Exactly `bytes`, whatever is still to come.
    #[must_use]
    pub fn exactly(bytes: u64) -> Self {
        Self::Fixed(SizeHint::with_exact(bytes))
    }
}

/// What a [`ScriptedBody`] answers when it is asked whether it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndAnswer {
    /// Never, even when it is over: a stream that finds out only when polled.
    #[default]
    Never,
    /// As soon as only its end is left of the script: a body that knows its length.
    Eager,
    /// Always: a lie until the script is over.
    Always,
    /// As soon as no more than this many steps are left, whatever they are: a lie that begins midway.
    WithinLast(usize),
}

impl ScriptedBody {
    /// A body with nothing to give; one with errors of another type begins as `ScriptedBody::<E>::default()`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<E> ScriptedBody<E> {
    /// A body with this script.
    pub fn from_steps(steps: impl IntoIterator<Item = Step<E>>) -> Self {
        Self { steps: steps.into_iter().collect(), size: SizeAnswer::Unknown, end: EndAnswer::Never }
    }

    /// Then gives this data.
    #[must_use]
    pub fn data(self, data: impl Into<Bytes>) -> Self {
        self.then(Step::Data(data.into()))
    }

    /// Then gives these trailers.
    #[must_use]
    pub fn trailers(self, trailers: HeaderMap) -> Self {
        self.then(Step::Trailers(trailers))
    }

    /// Then gives this error.
    #[must_use]
    pub fn error(self, error: E) -> Self {
        self.then(Step::Error(error))
    }

    /// Then is pending once.
    #[must_use]
    pub fn pending(self) -> Self {
        self.then(Step::Pending)
    }

    /// Then is pending for ever.
    #[must_use]
    pub fn stall(self) -> Self {
        self.then(Step::Stall)
    }

    /// Then panics.
    #[must_use]
    pub fn panic(self) -> Self {
        self.then(Step::Panic)
    }

    /// Then gives `None`; needed only where steps follow.
    #[must_use]
    pub fn end(self) -> Self {
        self.then(Step::End)
    }

    /// Then does this.
    #[must_use]
    pub fn then(mut self, step: Step<E>) -> Self {
        self.steps.push_back(step);
        self
    }

    /// Says this of its size.
    #[must_use]
    pub fn with_size(self, size: SizeAnswer) -> Self {
        Self { size, ..self }
    }

    /// Says this of its end.
    #[must_use]
    pub fn with_end(self, end: EndAnswer) -> Self {
        Self { end, ..self }
    }

    fn remaining(&self) -> u64 {
        self.steps.iter().map(|step| if let Step::Data(data) = step { data.len() as u64 } else { 0 }).sum()
    }

    fn next(&mut self) -> Option<Step<E>> {
        // A stall is never passed.
        if matches!(self.steps.front(), Some(Step::Stall)) {
            Some(Step::Stall)
        } else {
            self.steps.pop_front()
        }
    }
}

impl<E> Default for ScriptedBody<E> {
    fn default() -> Self {
        Self::from_steps([])
    }
}

// Nothing in it is pinned.
impl<E> Unpin for ScriptedBody<E> {}

impl<E> Body for ScriptedBody<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.get_mut().next() {
            None | Some(Step::End) => Poll::Ready(None),
            Some(Step::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Some(Step::Trailers(trailers)) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            Some(Step::Error(error)) => Poll::Ready(Some(Err(error))),
            Some(Step::Stall) => Poll::Pending,
            Some(Step::Pending) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Panic) => resume_unwind(Box::new("the script says panic")),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self.end {
            EndAnswer::Never => false,
            EndAnswer::Eager => self.steps.iter().all(|step| matches!(step, Step::End)),
            EndAnswer::Always => true,
            EndAnswer::WithinLast(steps) => self.steps.len() <= steps,
        }
    }

    #[allow(clippy::clone_on_copy, reason = "it is `Copy` since http-body 1.1 only")]
    fn size_hint(&self) -> SizeHint {
        match &self.size {
            SizeAnswer::Unknown => SizeHint::default(),
            SizeAnswer::Remaining => SizeHint::with_exact(self.remaining()),
            SizeAnswer::Fixed(hint) => hint.clone(),
        }
    }
}
