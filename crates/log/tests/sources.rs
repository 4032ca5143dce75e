//! Whose ids a line tells: of an explicit parent, of the thread, of the spans around.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::cell::Cell;

use support::{Line, told, told_by};
use tower_telemetry_core::{RequestId, Scope, TraceIds, Work};
use tracing::{Span, info, info_span};
use tracing_subscriber::prelude::*;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

fn work(id: &str) -> Scope {
    Scope::of_work(Work::new().with_request_id(RequestId::new(id)))
}

/// A span that was made for this work.
fn span_of(id: &str) -> Span {
    let _attached = work(id).attach();
    info_span!("made", by = id)
}

fn request_ids(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.json("request_id").replace('"', "")).collect()
}

#[test]
fn the_thread_counts_before_the_spans_around() {
    let lines = told(|| {
        let _span = span_of("span").entered();
        let _thread = work("thread").attach();
        info!("told");
    });
    assert_eq!(request_ids(&lines), ["thread"]);
}

#[test]
fn an_explicit_parent_counts_before_the_thread() {
    let lines = told(|| {
        let parent = span_of("parent");
        let _other = span_of("other").entered();
        let _thread = work("thread").attach();
        info!(parent: &parent, "told");
        info!(parent: parent.id(), "told");
    });
    assert_eq!(request_ids(&lines), ["parent", "parent"]);
}

#[test]
fn an_explicit_parent_that_was_made_for_nobody_leaves_it_to_the_thread() {
    let lines = told(|| {
        let parent = info_span!("for nobody");
        let _thread = work("thread").attach();
        info!(parent: &parent, "told");
        info!(parent: None, "root");
    });
    assert_eq!(request_ids(&lines), ["thread", "thread"]);
}

#[test]
fn an_explicit_parent_has_the_exchange_of_the_spans_around_it() {
    let lines = told(|| {
        let outer = span_of("outer");
        let inner = info_span!(parent: &outer, "made elsewhere");
        let _thread = work("thread").attach();
        info!(parent: &inner, "told");
    });
    assert_eq!(request_ids(&lines), ["outer"]);
}

#[test]
fn without_a_thread_of_its_own_a_line_is_the_nearest_spans() {
    let lines = told(|| {
        let outer = span_of("outer").entered();
        info!("outer");
        let inner = span_of("inner").entered();
        let _plain = info_span!("for nobody", a = 1).entered();
        info!("inner");
        info!(parent: None, "root");
        drop((outer, inner));
    });
    assert_eq!(request_ids(&lines), ["outer", "inner", ""]);
}

#[test]
fn a_span_keeps_whom_it_was_made_for_whoever_records_or_enters_it() {
    let lines = told(|| {
        let span = {
            let _maker = work("maker").attach();
            info_span!("made", late = tracing::field::Empty)
        };
        {
            let _other = work("other").attach();
            span.record("late", 1);
            span.in_scope(|| info!("on the other's thread"));
        }
        let unowned = info_span!("for nobody", late = tracing::field::Empty);
        let recorded = {
            let _other = work("other").attach();
            unowned.record("late", 1);
            unowned
        };
        span.in_scope(|| info!("alone"));
        recorded.in_scope(|| info!("nobody's"));
    });
    assert_eq!(request_ids(&lines), ["other", "maker", ""]);
    assert_eq!(lines[1].json("late"), "1");
}

#[test]
fn a_span_that_is_filtered_off_lends_nothing() {
    let captured = support::Captured::default();
    let layer = tower_telemetry_log::JsonLayer::new(captured.clone())
        .with_filter(tracing_subscriber::filter::filter_fn(|metadata| !metadata.is_span()));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let span = span_of("span");
        span.in_scope(|| info!("spans are off"));
        info!(parent: &span, "spans are off");
        let _thread = work("thread").attach();
        info!("told");
    });
    assert_eq!(request_ids(&captured.lines()), ["", "", "thread"]);
}

thread_local!(static ACTIVE: Cell<Option<TraceIds>> = const { Cell::new(None) });

fn ids(trace: &str, span: &str) -> TraceIds {
    TraceIds::parse(format!("00-{trace}-{span}-00").as_bytes()).unwrap()
}

/// Trace id and span id of a line within `scope`, while `active` is the active span.
fn with_active(active: TraceIds, scope: Scope) -> [String; 2] {
    let lines = told_by(
        |layer| layer.with_active_span(|| ACTIVE.get()),
        || {
            ACTIVE.set(Some(active));
            let _scope = scope.attach();
            info!(trace_id = "forged", "told");
            ACTIVE.set(None);
        },
    );
    ["trace_id", "span_id"].map(|key| lines[0].json(key).replace('"', ""))
}

#[test]
fn the_active_span_is_the_lines_span_where_it_is_of_the_same_trace() {
    let own = || Scope::of_work(Work::new().with_trace(ids(TRACE, "00000000000000a1")));
    let same = with_active(ids(TRACE, "00000000000000b2"), own());
    assert_eq!(same, [TRACE, "00000000000000b2"]);
    let other = with_active(ids("4bf92f3577b34da6a3ce929d0e0e4736", "00000000000000b2"), own());
    assert_eq!(other, [TRACE, "00000000000000a1"]);
}

#[test]
fn without_a_trace_of_its_own_a_line_tells_the_active_span() {
    for scope in [Scope::NOBODY, work("req-1")] {
        assert_eq!(with_active(ids(TRACE, "00000000000000b2"), scope), [TRACE, "00000000000000b2"]);
    }
}
