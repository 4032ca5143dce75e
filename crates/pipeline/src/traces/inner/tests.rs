//! What waits, what is written and what is lost, as the SDK makes spans.

use std::sync::{Arc, Mutex};

use crate::traces::processors::Processors;
use opentelemetry::Context;
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanContext;
use opentelemetry::trace::{SpanBuilder, TraceContextExt, TraceFlags, TraceState, Tracer, TracerProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tower_telemetry_core::trace_ids;
use tower_telemetry_metrics::Store;
use tower_telemetry_trace::{Decide, Decision, HeldSpans, Question, Reason};

use super::buffer::Buffer;
use super::held::Held;
use super::limits::InnerSpans;
use super::limits::{LATE, Limit, PROCESS_BYTES, REQUEST_BYTES};
use crate::traces::sampler::{HandedIds, HandedSampler};

#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<SpanData>>>);

impl Written {
    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|span| span.name.to_string()).collect()
    }
}

impl SpanProcessor for Written {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        assert!(span.span_context.is_sampled());
        self.0.lock().unwrap().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: std::time::Duration) -> OTelSdkResult {
        Ok(())
    }
}

struct Never;

impl Decide for Never {
    fn at_head(&self, _: &Question<'_>) -> Decision {
        Decision::Drop
    }
}

struct Bench {
    buffer: Buffer,
    tracer: SdkTracer,
    written: Written,
    _provider: SdkTracerProvider,
}

impl Bench {
    fn of(max: usize) -> Self {
        let written = Written::default();
        let processors = Processors::new(vec![Box::new(written.clone())], &Resource::builder_empty().build());
        let buffer = Buffer::new(InnerSpans::at_most(max), processors, &Store::new());
        let provider = SdkTracerProvider::builder()
            .with_id_generator(HandedIds)
            .with_sampler(HandedSampler(Arc::new(Never)))
            .with_span_processor(buffer.clone())
            .build();
        Self { buffer, tracer: provider.tracer("mine"), written, _provider: provider }
    }

    /// A request that waits, and the context of its exchange.
    fn request(&self) -> (Held, Context) {
        let (trace, span) = (trace_ids::TraceId::random(), trace_ids::SpanId::random());
        let edge = SpanContext::new(
            opentelemetry::trace::TraceId::from_bytes(trace.to_bytes()),
            opentelemetry::trace::SpanId::from_bytes(span.to_bytes()),
            TraceFlags::NOT_SAMPLED,
            false,
            TraceState::NONE,
        );
        let held = self.buffer.hold();
        let context = held.within(Context::new().with_remote_span_context(edge));
        (held, context)
    }

    fn span(&self, name: &'static str, context: &Context) -> Context {
        context.with_span(self.tracer.start_with_context(name, context))
    }

    /// A finished span of about so many bytes.
    fn sized(&self, bytes: usize, context: &Context) {
        let attribute = KeyValue::new("text", "x".repeat(bytes));
        let builder = SpanBuilder::from_name("sized").with_attributes([attribute]);
        drop(self.tracer.build_with_context(builder, context));
    }

    fn lost(&self, limit: Limit) -> u64 {
        self.buffer.shared().counts.lost(limit)
    }

    fn taken(&self) -> usize {
        self.buffer.shared().counts.taken()
    }

    fn open(&self) -> usize {
        self.buffer.shared().open().len()
    }

    fn assert_nothing_is_left(&self) {
        assert_eq!((self.taken(), self.open()), (0, 0));
    }
}

const KEPT: Option<Reason> = Some(Reason::Error);

#[test]
fn spans_wait_unsampled_until_their_request_is_kept_or_dropped() {
    for (reason, names) in [(KEPT, vec!["inner", "outer"]), (None, vec![])] {
        let bench = Bench::of(64);
        let (held, context) = bench.request();
        let outer = bench.span("outer", &context);
        let inner = bench.span("inner", &outer);
        assert!(inner.span().is_recording() && !inner.span().span_context().is_sampled());
        drop((inner, outer));
        assert!(bench.written.names().is_empty() && bench.taken() > 0);
        assert_eq!(held.count(), 2);
        held.settle(reason);
        assert_eq!(bench.written.names(), names);
        bench.assert_nothing_is_left();
    }
}

#[test]
fn a_span_that_ends_or_begins_after_its_request_shares_its_fate() {
    for (reason, names) in [(KEPT, vec!["late child", "late", "child of the edge"]), (None, vec![])] {
        let bench = Bench::of(64);
        let (held, context) = bench.request();
        let late = bench.span("late", &context);
        held.settle(reason);
        drop(bench.span("late child", &late));
        drop(late);
        drop(held);
        drop(bench.span("child of the edge", &context));
        assert_eq!(bench.written.names(), names);
        bench.assert_nothing_is_left();
    }
}

#[test]
fn a_request_that_nobody_ends_and_spans_that_never_end_leave_little_behind() {
    let bench = Bench::of(64);
    let (held, context) = bench.request();
    drop(bench.span("finished", &context));
    let open = bench.span("open", &context);
    drop(held);
    assert_eq!((bench.taken(), bench.open()), (0, 0));
    drop(open);
    assert!(bench.written.names().is_empty());
    let endless: Vec<_> = (0..LATE + 10)
        .map(|_| {
            let (held, context) = bench.request();
            let endless = bench.span("endless", &context);
            held.settle(KEPT);
            endless
        })
        .collect();
    assert_eq!((bench.taken(), bench.open(), bench.lost(Limit::Late)), (0, LATE, 10));
    drop(endless);
    bench.assert_nothing_is_left();
}

#[test]
fn a_request_has_so_many_spans_and_bytes_and_what_is_beyond_is_counted() {
    let bench = Bench::of(3);
    let (held, context) = bench.request();
    (0..3).for_each(|_| drop(bench.span("fits", &context)));
    let refused = bench.span("refused", &context);
    drop(bench.span("child of refused", &refused));
    assert_eq!(bench.lost(Limit::RequestSpans), 2);
    held.settle(KEPT);
    assert_eq!(bench.written.names(), ["fits"; 3]);

    let (held, context) = bench.request();
    bench.sized(REQUEST_BYTES / 2, &context);
    let outer = bench.span("outer", &context);
    let parent = bench.span("too large", &outer);
    parent.span().set_attribute(KeyValue::new("text", "x".repeat(REQUEST_BYTES / 2)));
    drop(bench.tracer.start_with_context("refused", &parent));
    assert_eq!(bench.lost(Limit::RequestSpans), 3);
    drop((parent, outer));
    assert_eq!(bench.lost(Limit::RequestBytes), 1);
    assert!(bench.taken() <= REQUEST_BYTES);
    held.settle(KEPT);
    assert_eq!(bench.written.names().split_off(3), ["sized", "outer"]);
    bench.assert_nothing_is_left();
}

#[test]
fn the_child_of_a_span_that_found_no_room_is_written_under_the_next_above() {
    let bench = Bench::of(64);
    let (held, context) = bench.request();
    let outer = bench.span("outer", &context);
    let lost = bench.span("lost", &outer);
    let id = |context: &Context| context.span().span_context().span_id();
    let (above, own) = (id(&outer), trace_ids::SpanId::from_bytes(id(&lost).to_bytes()).unwrap());
    let child = bench.span("child", &lost);
    lost.span().set_attribute(KeyValue::new("text", "x".repeat(REQUEST_BYTES)));
    lost.span().end();
    let under = held.parent(own).map(|parent| parent.to_bytes());
    assert_eq!(under, Some(above.to_bytes()), "as a call in it is told");
    drop((child, lost, outer));
    held.settle(KEPT);
    assert_eq!(bench.written.names(), ["child", "outer"]);
    assert_eq!(bench.written.0.lock().unwrap().first().unwrap().parent_span_id, above);
}

#[test]
fn all_requests_together_stay_within_their_room() {
    let bench = Bench::of(64);
    let requests: Vec<_> = (0..PROCESS_BYTES / REQUEST_BYTES + 40)
        .map(|_| {
            let (held, context) = bench.request();
            (0..6).for_each(|_| bench.sized(REQUEST_BYTES / 7, &context));
            assert!(bench.taken() <= PROCESS_BYTES);
            held
        })
        .collect();
    assert!(bench.taken() > PROCESS_BYTES - REQUEST_BYTES);
    assert!(bench.lost(Limit::ProcessBytes) > 0 && bench.lost(Limit::RequestBytes) == 0);
    requests.iter().for_each(|held| held.settle(None));
    bench.assert_nothing_is_left();
}

#[test]
fn a_span_with_a_parent_of_another_is_none_of_this_request() {
    let bench = Bench::of(64);
    let (_held, context) = bench.request();
    let (_other, elsewhere) = bench.request();
    let stranger = elsewhere.span().span_context().clone();
    let own = context.span().span_context().clone();
    let (flags, state) = (own.trace_flags(), own.trace_state().clone());
    let remote = SpanContext::new(own.trace_id(), own.span_id(), flags, true, state.clone());
    let namesake = SpanContext::new(stranger.trace_id(), own.span_id(), flags, false, state);
    for parent in [stranger, remote, namesake] {
        let mixed = context.with_remote_span_context(parent);
        assert!(!bench.span("mixed", &mixed).span().is_recording());
    }
}
