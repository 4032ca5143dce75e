//! What a response says of itself as it passes, until its ending is told.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use bytes::Buf;
use http::{HeaderMap, StatusCode, Version, header, response};
use http_body::{Body, Frame};

use crate::body_reader::BodyReader;
use crate::exchange::{Exchange, Unlisted};
use crate::fault::Fault;
use crate::grpc::{self, Code};
use crate::length::announced;
use crate::observe::head::is_event_stream;
use crate::outcome::{Ending, Facts, Judgement, Outcome, Verdict, grpc_status, judge};
use crate::pick::pick;
use crate::protocol::Protocol;
use crate::route::Route;
use crate::side::Side;
use crate::signal::Observer;

/// What is known of the response so far.
pub(crate) struct Running<O: Observer> {
    exchange: Arc<Exchange>,
    /// Taken when the ending is told: an ending is told exactly once.
    pub(super) observer: Option<O>,
    /// Set while foreign code runs: if it is still set in the drop, that code panicked.
    pub(super) polling: bool,
    status: Option<StatusCode>,
    version: Option<Version>,
    grpc: Option<Code>,
    /// What most exchanges have nothing of; the rest moves from hand to hand, and is kept small.
    rare: Option<Box<Rare>>,
    event_stream: bool,
    reader: BodyReader,
    /// Bytes after which an HTTP body is over, though nobody may ask for its end. An empty one is over at its head.
    expected: Option<NonZeroU64>,
    sent: u64,
}

/// What an error or a user's own classifier says.
#[derive(Default)]
struct Rare {
    fault: Option<&'static str>,
    judgement: Option<Judgement>,
}

impl<O: Observer> Running<O> {
    pub(super) const fn new(exchange: Arc<Exchange>, observer: Option<O>) -> Self {
        Self {
            exchange,
            observer,
            polling: false,
            status: None,
            version: None,
            grpc: None,
            rare: None,
            event_stream: false,
            reader: BodyReader::Nothing,
            expected: None,
            sent: 0,
        }
    }

    /// What the observer holds while the service or its body runs; the exchange is current before it.
    pub(crate) fn guard(&self) -> Option<O::Guard> {
        self.observer.as_ref().map(Observer::enter)
    }

    /// Runs foreign code, so that its panic is known as one; also if what panicked is dropped later.
    pub(crate) fn guarded<R>(&mut self, foreign: impl FnOnce() -> R) -> R {
        let panicked = std::mem::replace(&mut self.polling, true);
        let result = foreign();
        self.polling = panicked;
        result
    }

    /// The response head was made. Some exchanges end here: their body has nothing to say.
    pub(crate) fn respond<B: Body>(&mut self, head: &mut response::Parts, body: &B) {
        if self.observer.is_none() {
            return;
        }
        let age = self.exchange.age();
        self.exchange.tell_head(age);
        let expected = self.note_head(head, body.size_hint().exact());
        if let Some(judgement) = self.exchange.classify.as_ref().and_then(|it| it.head(&self.exchange, head))
        {
            self.rare.get_or_insert_default().judgement = Some(judgement);
        }
        if let Some(observer) = &mut self.observer {
            observer.respond(&self.exchange, head);
        }
        let status = head.status;
        if status == StatusCode::SWITCHING_PROTOCOLS || (self.exchange.connect && status.is_success()) {
            self.tell_at(Ending::Upgraded, Some(age));
        } else if self.exchange.bodiless
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            || expected == Some(0)
            || body.is_end_stream()
        {
            self.tell_at(Ending::Complete, Some(age));
        }
    }

    /// The service gave an error in place of a response.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail<E: 'static>(&mut self, error: &E) {
        let Fault { name, grpc } = Fault::of(error);
        let rare = self.rare.get_or_insert_default();
        rare.fault = Some(name);
        if self.exchange.protocol.is_grpc() {
            self.grpc = grpc.or(self.grpc);
        }
        if let Some(classify) = &self.exchange.classify {
            // What was said of the head does not hold for an error that came after it.
            rare.judgement = classify.error(&self.exchange, error);
        }
        self.tell(Ending::Failed);
    }

    /// The body gave its next frame, its error or its end.
    pub(crate) fn next<D: Buf, E: 'static>(
        &mut self,
        next: Option<Result<&mut Frame<D>, &mut E>>,
        is_end_stream: impl FnOnce() -> bool,
    ) {
        if self.observer.is_none() {
            return;
        }
        match next {
            None => self.tell(Ending::Complete),
            Some(Err(error)) => self.fail(error),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.data(data);
                }
                if let Some(trailers) = frame.trailers_mut() {
                    self.trailers(trailers);
                }
                if frame.is_trailers() || self.is_whole() || is_end_stream() {
                    self.tell(Ending::Complete);
                }
            }
        }
    }

    /// Reads the head; gives the length of the body, if it is known.
    fn note_head(&mut self, head: &response::Parts, hint: Option<u64>) -> Option<u64> {
        self.status = Some(head.status);
        self.version = Some(head.version);
        let headers = &head.headers;
        if let protocol @ (Protocol::Grpc | Protocol::GrpcWeb) = self.exchange.protocol {
            self.grpc = grpc::status(headers);
            self.reader = BodyReader::of(protocol, headers);
            return None;
        }
        let [content_length, content_type] = pick(headers, [&header::CONTENT_LENGTH, &header::CONTENT_TYPE]);
        let expected = content_length.and_then(announced).or(hint);
        self.expected = expected.and_then(NonZeroU64::new);
        // A body whose length is known is no stream of events.
        if expected.is_none() {
            self.event_stream = content_type.is_some_and(is_event_stream);
            self.exchange.tell_stream(self.event_stream);
        }
        expected
    }

    fn data(&mut self, data: &impl Buf) {
        let bytes = data.remaining();
        self.sent = self.sent.saturating_add(bytes as u64);
        if self.exchange.protocol.is_grpc() {
            self.reader.read(data);
            self.grpc = self.reader.status().or(self.grpc);
            self.exchange.tell_response_messages(self.reader.messages());
        }
        if let Some(observer) = &mut self.observer {
            observer.frame(&self.exchange, bytes);
        }
    }

    fn trailers(&mut self, trailers: &mut HeaderMap) {
        if self.exchange.protocol.is_grpc() {
            self.grpc = grpc::status(trailers).or(self.grpc);
        }
        let classify = self.exchange.classify.as_ref();
        if let Some(judgement) = classify.and_then(|it| it.trailers(&self.exchange, trailers)) {
            self.rare.get_or_insert_default().judgement = Some(judgement);
        }
        if let Some(observer) = &mut self.observer {
            observer.trailers(&self.exchange, trailers);
        }
    }

    /// Whether all that the head announced has passed, though the body was not asked for its end.
    fn is_whole(&self) -> bool {
        self.expected.is_some_and(|expected| self.sent >= expected.get()) || self.reader.is_complete()
    }

    pub(super) fn tell(&mut self, ending: Ending) {
        self.tell_at(ending, None);
    }

    /// Tells the ending; one that coincides with the head needs no second look at the clock.
    fn tell_at(&mut self, ending: Ending, at: Option<Duration>) {
        let Some(mut observer) = self.observer.take() else { return };
        let total = at.unwrap_or_else(|| self.exchange.age());
        let mut outcome = self.outcome(ending, total);
        self.exchange.agree(&mut outcome);
        if let Some(unlisted) = self.exchange.unlisted.as_deref() {
            self.settle_route(unlisted, &outcome);
        }
        observer.settle(&self.exchange, &outcome);
        observer.end(&self.exchange, &outcome);
    }

    fn outcome(&self, ending: Ending, total: Duration) -> Outcome {
        let facts = Facts {
            side: self.exchange.side,
            protocol: self.exchange.protocol,
            ending,
            status: self.status,
            grpc: self.grpc,
            fault: self.rare.as_ref().and_then(|rare| rare.fault),
            event_stream: self.event_stream,
        };
        let judged = judge(&facts);
        // Nobody can call a panic or a cancelled exchange a success.
        let is_settled =
            ending == Ending::Panicked || (ending, judged.verdict) == (Ending::Dropped, Verdict::Cancelled);
        let Judgement { verdict, error_type } = match self.exchange.failure() {
            Some(error_type) => Judgement::service_fault(error_type),
            None if is_settled => judged,
            None => self.rare.as_ref().and_then(|rare| rare.judgement).unwrap_or(judged),
        };
        Outcome {
            ending,
            verdict,
            status: self.status,
            version: match self.exchange.side {
                Side::Server => Some(self.exchange.version),
                Side::Client => self.version,
            },
            grpc: grpc_status(&facts),
            error_type: error_type.filter(|_| verdict != Verdict::Ok),
            // Whose head never came has none, although a wrapper further in saw one.
            head: self.status.and_then(|_| self.exchange.head_time()),
            total,
            sent: self.sent,
            request_bytes: self.exchange.request_bytes(),
            request_messages: self.exchange.request_messages(),
            response_messages: self.exchange.response_messages(),
        }
    }

    /// A gRPC method that answered OK exists; any other unknown one is told as `_OTHER`.
    #[cold]
    #[inline(never)]
    fn settle_route(&self, Unlisted { path, methods }: &Unlisted, outcome: &Outcome) {
        let learnt = if outcome.grpc == Some(Code::Ok) { methods.learn(path) } else { None };
        self.exchange.set_route(learnt.unwrap_or(Route::RPC_OTHER));
    }
}
