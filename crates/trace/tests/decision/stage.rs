//! A window whose decider follows a script, and whose late spans are noted.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Request, Response};
use opentelemetry::trace::SpanKind;
use opentelemetry::trace::noop::NoopTracer;
use tower::{Layer, service_fn};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, Outcome, Side, SignalExt, TraceIds, Verdict, current};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, ScriptedError, Seen, call, read_body, run};
use tower_telemetry_trace::{
    Decide, Decision, FinishedSpan, Learning, Peers, Question, Reason, Response as Told, SpanSink, Trace,
};

/// Says the same of each head of a side; keeps what failed, and what somebody wants.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) server: Decision,
    pub(crate) client: Decision,
    pub(crate) learning: Learning,
    /// What was asked and told, in its order.
    pub(crate) log: Mutex<Vec<String>>,
}

impl Script {
    fn note(&self, what: String) {
        self.log.lock().unwrap().push(what);
    }
}

impl Decide for Script {
    fn at_head(&self, question: &Question<'_>) -> Decision {
        self.note(format!("head of {}", question.exchange.side.as_str()));
        match question.exchange.side {
            Side::Server => self.server.clone(),
            Side::Client => self.client.clone(),
        }
    }

    fn at_response(&self, exchange: &Exchange, response: &Told) -> bool {
        let is_fault = response.grpc.is_some_and(|code| code.is_server_error());
        is_fault || response.status.is_server_error() || exchange.is_wanted()
    }

    fn at_end(&self, exchange: &Exchange, outcome: &Outcome, spans: usize) -> Option<Reason> {
        self.note(format!("end of {}, {spans} spans", exchange.side.as_str()));
        match outcome.verdict {
            Verdict::ServiceFault => Some(Reason::Error),
            _ if exchange.is_wanted() => Some(Reason::Hint),
            _ => None,
        }
    }

    fn learn(&self, exchange: &Exchange, _: &Outcome) {
        self.note(format!("learnt of {}", exchange.side.as_str()));
    }

    fn learning(&self) -> Learning {
        self.learning
    }
}

/// Notes late spans.
#[derive(Debug, Default)]
pub(crate) struct Written(Mutex<Vec<FinishedSpan>>);

impl SpanSink for Written {
    fn write(&self, span: FinishedSpan) {
        self.0.lock().unwrap().push(span);
    }
}

pub(crate) struct Stage {
    pub(crate) script: Arc<Script>,
    written: Arc<Written>,
    pub(crate) trace: Trace<NoopTracer>,
}

impl Stage {
    /// Both sides wait for their end.
    pub(crate) fn waiting() -> Self {
        Self::of(Decision::Wait, Decision::Wait)
    }

    pub(crate) fn of(server: Decision, client: Decision) -> Self {
        Self::learning(server, client, Learning::FromEnds)
    }

    pub(crate) fn learning(server: Decision, client: Decision, learning: Learning) -> Self {
        let script = Arc::new(Script { server, client, learning, log: Mutex::default() });
        let written = Arc::<Written>::default();
        let trace = Trace::new(NoopTracer::new())
            .with_decision(Arc::clone(&script) as _, Arc::clone(&written) as _)
            .with_hints_from(Peers::everybody());
        Self { script, written, trace }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(Trace<NoopTracer>) -> Trace<NoopTracer>) -> Self {
        self.trace = change(self.trace);
        self
    }

    /// Serves one request, to the end of its answer.
    pub(crate) fn serve<F>(&self, request: Request<()>, handler: impl Fn() -> F + Clone) -> Served
    where
        F: Future<Output = Response<ScriptedBody>>,
    {
        let layer = self.trace.clone().server();
        let mut service = layer.layer(service_fn(move |_: Request<()>| {
            let answer = handler();
            async move { Ok::<_, Infallible>(answer.await) }
        }));
        let response = run(call(&mut service, request)).expect("nothing waits").unwrap();
        let (head, body) = response.into_parts();
        let frames = read_body(pin!(body));
        let trailers = frames.into_iter().find_map(|frame| match frame {
            Seen::Trailers(trailers) => Some(trailers),
            _ => None,
        });
        Served { headers: head.headers, trailers: trailers.unwrap_or_default() }
    }

    /// Makes one call, which is answered so, to the end of its answer.
    pub(crate) async fn call(&self, reply: Reply) -> Option<TraceIds> {
        let inner: Scripted = Scripted::new([reply]);
        let mut service = self.trace.clone().client().layer(inner.clone());
        if let Ok(response) = call(&mut service, Request::new(())).await {
            read_body(pin!(response.into_body()));
        }
        sent(&inner)
    }

    pub(crate) fn written(&self) -> Vec<FinishedSpan> {
        self.written.0.lock().unwrap().clone()
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.script.log.lock().unwrap().clone()
    }
}

/// What a caller was answered, beside the body.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) headers: HeaderMap,
    pub(crate) trailers: HeaderMap,
}

/// The context that went out with the last request.
pub(crate) fn sent(inner: &Scripted) -> Option<TraceIds> {
    TraceIds::from_headers(&inner.heads().last()?.headers).unwrap()
}

/// A request with a caller's context, whose flags are these.
pub(crate) fn request(flags: TraceFlags) -> (Request<()>, TraceIds) {
    let ids = TraceIds::random(TraceFlags::NONE);
    let ids = TraceIds { flags, ..ids };
    let request = Request::get("/users/7").header("traceparent", ids.to_header_value());
    (request.body(()).unwrap(), ids)
}

pub(crate) fn answer(status: u16) -> Response<ScriptedBody> {
    Response::builder().status(status).body(ScriptedBody::new()).unwrap()
}

pub(crate) fn refused() -> Reply {
    Reply::error(ScriptedError)
}

/// The card of the exchange that is being served.
pub(crate) fn card() -> Arc<Exchange> {
    current().expect("an exchange is being served")
}

pub(crate) fn attribute(span: &FinishedSpan, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == key)?;
    Some(found.value.as_str().into_owned())
}

pub(crate) fn reason(span: &FinishedSpan) -> String {
    attribute(span, "sampling.reason").expect("a late span says why it is kept")
}

pub(crate) fn only(spans: Vec<FinishedSpan>, kind: &SpanKind) -> FinishedSpan {
    let mut spans = spans.into_iter().filter(|span| span.kind == *kind);
    let span = spans.next().expect("a span");
    assert!(spans.next().is_none(), "one span of {kind:?}");
    span
}
