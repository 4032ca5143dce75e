//! What is written in each format, and that it is read back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::HashMap;

use http::HeaderMap;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TraceState as SpanTraceState};
use opentelemetry::{Context, KeyValue};
use proptest::prelude::*;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};

use crate::decide::Origin;
use crate::propagation::formats_read::headers;
use crate::propagation::told::Wish;
use crate::propagation::{Format, Propagation, TextMap, ids_of, span_context};

const TRACE: &str = "463ac35c9f6413ad48485a3953bb6124";
const SPAN: &str = "a2fb4a1d1a96d312";

fn ids(flags: u8) -> TraceIds {
    TraceIds::parse(format!("00-{TRACE}-{SPAN}-{flags:02x}").as_bytes()).unwrap()
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut all: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
        .collect();
    all.sort();
    all
}

/// What goes out for what came in, by a service that does nothing else.
fn passed_on(
    list: &str,
    lines: &[(&str, &str)],
    change: impl FnOnce(Context) -> Context,
) -> Vec<(String, String)> {
    let propagation = Propagation::of_names(list).unwrap();
    let context = change(propagation.read(&headers(lines)).attach_to(&Context::new()));
    let ids = ids_of(context.span().span_context());
    // As a proxy would, with the headers of its caller still in the request.
    let mut out = headers(lines);
    propagation.write(ids.as_ref(), &context, &mut out);
    texts(&out)
}

#[track_caller]
fn check(list: &str, lines: &[(&str, &str)], out: &[(&str, &str)]) {
    let out: Vec<_> = out.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(passed_on(list, lines, |context| context), out);
}

#[test]
fn b3_replaces_both_of_its_forms() {
    let stale = [
        ("b3", "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-1-05e3ac9a4f6e3b90"),
        ("x-b3-traceid", "1"),
        ("x-b3-parentspanid", "2"),
        ("x-b3-sampled", "0"),
        ("x-b3-flags", "1"),
        ("other", "stays"),
    ];
    let single = format!("{TRACE}-{SPAN}-1");
    check("b3", &stale, &[("b3", &single), ("other", "stays")]);
    let several = [("x-b3-sampled", "1"), ("x-b3-spanid", SPAN), ("x-b3-traceid", TRACE)];
    check("b3multi", &stale, &[&[("other", "stays")][..], &several].concat());
    check("b3multi,b3", &stale, &[&[("b3", single.as_str()), ("other", "stays")][..], &several].concat());
}

#[test]
fn a_debug_flag_is_kept() {
    let lines = [("b3", &*format!("{TRACE}-{SPAN}-d"))];
    check("b3", &lines, &[("b3", &format!("{TRACE}-{SPAN}-d"))]);
    check("b3multi", &lines, &[("x-b3-flags", "1"), ("x-b3-spanid", SPAN), ("x-b3-traceid", TRACE)]);
    let jaeger = format!("{TRACE}:{SPAN}:0:3");
    check("jaeger", &[("uber-trace-id", &jaeger)], &[("uber-trace-id", &jaeger)]);
}

#[test]
fn a_format_that_is_not_chosen_is_left_alone() {
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let lines = [("traceparent", &*parent), ("b3", "0"), ("uber-trace-id", "1:2:0:1"), ("uberctx-a", "1")];
    let out = [("b3", "0"), ("traceparent", &*parent), ("uber-trace-id", "1:2:0:1"), ("uberctx-a", "1")];
    check("tracecontext", &lines, &out);
    check("none", &lines, &out);
}

#[test]
fn jaegers_baggage_replaces_what_stands_there() {
    let lines = [("baggage", "b=2%2C;p"), ("uberctx-a", "x%20y"), ("uberctx-b", "9")];
    let out = [("baggage", "b=2%2C;p,a=x%20y"), ("uberctx-a", "x%20y"), ("uberctx-b", "2%2C")];
    check("jaeger,baggage", &lines, &out);
}

#[test]
fn an_empty_state_and_empty_baggage_are_removed() {
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let lines =
        [("traceparent", &*parent), ("tracestate", ","), ("tracestate", "A=1"), ("baggage", "broken")];
    check("tracecontext,baggage", &lines, &[("traceparent", &parent)]);
}

#[test]
fn what_a_sampler_changes_in_the_state_is_told_and_the_rest_is_kept() {
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let lines = [("traceparent", &*parent), ("tracestate", "a@b@c=1,ot=th:8,x=2")];
    let sent = |change: fn(&SpanTraceState) -> SpanTraceState| {
        let out = passed_on("tracecontext", &lines, |context| {
            let state = change(context.span().span_context().trace_state());
            context.with_remote_span_context(span_context(ids(1), Origin::Local, state))
        });
        out.into_iter().find(|(name, _)| name == "tracestate").map_or_else(String::new, |(_, value)| value)
    };
    assert_eq!(sent(SpanTraceState::clone), "a@b@c=1,ot=th:8,x=2");
    assert_eq!(sent(|state| state.insert("ot", "th:c").unwrap()), "ot=th:c,a@b@c=1,x=2");
    assert_eq!(sent(|state| state.delete("ot").unwrap()), "a@b@c=1,x=2");
    let two = |state: &SpanTraceState| state.insert("n", "1").unwrap().insert("m", "2").unwrap();
    assert_eq!(sent(two), "m=2,n=1,a@b@c=1,ot=th:8,x=2");
}

#[test]
fn a_state_of_this_process_alone_is_sent_in_its_order() {
    let state = SpanTraceState::from_key_value([("a", "1"), ("b", "2")]).unwrap();
    let context = Context::new().with_remote_span_context(span_context(ids(1), Origin::Local, state));
    let mut out = HeaderMap::new();
    Propagation::default().write(Some(&ids(1)), &context, &mut out);
    assert_eq!(out["tracestate"], "a=1,b=2");
}

#[test]
fn the_state_of_a_caller_does_not_follow_another_trace() {
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let lines = [("traceparent", &*parent), ("tracestate", "a=1,b@c@d=2"), ("baggage", "k=v")];
    let own = TraceIds::random(TraceFlags::SAMPLED);
    let out = passed_on("tracecontext,baggage", &lines, |context| {
        context.with_remote_span_context(span_context(own, Origin::Local, SpanTraceState::NONE))
    });
    let expected = [("baggage", "k=v".to_owned()), ("traceparent", own.to_string())];
    assert_eq!(out, expected.map(|(name, value)| (name.to_owned(), value)));
}

#[test]
fn baggage_that_nobody_changes_goes_out_as_it_came() {
    let line = "b=1;p=%2C%20z=1;q , a=x=y,b=%2541,c=%FF%20";
    check("baggage", &[("baggage", line)], &[("baggage", line)]);
    check("baggage", &[("baggage", "z=1"), ("baggage", "a=2;p")], &[("baggage", "z=1,a=2;p")]);
}

#[test]
fn users_read_and_change_baggage_through_opentelemetry() {
    let sent = |change: fn(Context) -> Context| {
        let out = passed_on("baggage", &[("baggage", "b=two%20words;p=1,a=1,b=3;q,c=%FF")], change);
        out.into_iter().next().map_or_else(String::new, |(_, value)| value)
    };
    sent(|context| {
        let read = |key| {
            context
                .baggage()
                .get_with_metadata(key)
                .map(|(value, metadata)| (value.as_str(), metadata.as_str()))
        };
        assert_eq!(read("b"), Some(("3", "q")), "of two the last");
        assert_eq!((read("a"), read("c")), (Some(("1", "")), Some(("\u{fffd}", ""))));
        context.clone()
    });
    let with = |context: &Context, key: &'static str, value: &'static str| {
        let all = context.baggage().iter();
        let all: Vec<_> = all
            .map(|(key, (value, metadata))| (key.clone(), (value.clone(), metadata.clone())))
            .filter(|(other, _)| other.as_str() != key)
            .chain([(key.into(), (value.into(), "".into()))])
            .collect();
        context.with_baggage(opentelemetry::baggage::Baggage::from_iter(all))
    };
    // Closures that capture `with` cannot be `fn`: each case stands alone.
    let out = |change: &dyn Fn(&Context) -> Context| {
        let out = passed_on("baggage", &[("baggage", "b=x%2Cy;p=1,a=1")], |context| change(&context));
        out.into_iter().next().map_or_else(String::new, |(_, value)| value)
    };
    assert_eq!(out(&|context| with(context, "a", "50% off")), "b=x%2Cy;p=1,a=50%25%20off");
    assert_eq!(out(&|context| with(context, "new", "1")), "b=x%2Cy;p=1,a=1,new=1");
    assert_eq!(out(&|context| with(&with(context, "n", "1"), "m", "2")), "b=x%2Cy;p=1,a=1,m=2,n=1");
    assert_eq!(out(&|context| context.with_baggage([KeyValue::new("a", "1")])), "a=1");
    let cleared = passed_on("baggage", &[("baggage", "a=1")], |context| context.with_cleared_baggage());
    assert!(cleared.is_empty(), "{cleared:?}");
    let alone = passed_on("baggage", &[], |context| with(&context, "k", "v"));
    assert_eq!(alone, [("baggage".to_owned(), "k=v".to_owned())]);
}

#[test]
fn metadata_that_is_no_list_of_properties_is_left_out() {
    let out = |metadata: &'static str| {
        let out = passed_on("baggage", &[], |context| {
            let mut baggage = opentelemetry::baggage::Baggage::new();
            baggage.insert_with_metadata("k", "v", metadata);
            context.with_baggage(baggage)
        });
        out.into_iter().next().map_or_else(String::new, |(_, value)| value)
    };
    assert_eq!(out("p=a b;q"), "k=v;p=a%20b;q");
    assert_eq!(out("p,evil=1"), "k=v");
}

#[test]
fn only_named_members_are_sent_on() {
    let propagation = Propagation::default().with_baggage_keys(["a", "c"]);
    let context = propagation.read(&headers(&[("baggage", "a=1,b=2,c=3;p")])).attach_to(&Context::new());
    assert_eq!(context.baggage().len(), 3, "the service itself reads them all");
    let mut out = HeaderMap::new();
    propagation.write(None, &context, &mut out);
    assert_eq!(out["baggage"], "a=1,c=3;p");
}

#[test]
fn a_text_map_reads_and_writes_what_a_request_has() {
    let propagator = TextMap::from(Propagation::of_names("tracecontext,baggage,b3,jaeger").unwrap());
    let fields: Vec<_> = propagator.fields().collect();
    assert_eq!(fields, ["traceparent", "tracestate", "baggage", "b3", "uber-trace-id"]);
    let parent = format!("00-{TRACE}-{SPAN}-01");
    let mut carrier = HashMap::new();
    for (name, value) in [("traceparent", &*parent), ("tracestate", "a@b@c=1"), ("baggage", "k=v;p")] {
        carrier.insert(name.to_owned(), value.to_owned());
    }
    let context = propagator.extract_with_context(&Context::new(), &carrier);
    assert!(context.span().span_context().is_remote());
    let mut out = HashMap::new();
    propagator.inject_context(&context, &mut out);
    for (name, value) in [
        ("traceparent", &*parent),
        ("tracestate", "a@b@c=1"),
        ("baggage", "k=v;p"),
        ("uberctx-k", "v"),
        ("b3", &format!("{TRACE}-{SPAN}-1")),
        ("uber-trace-id", &format!("{TRACE}:{SPAN}:0:1")),
    ] {
        assert_eq!(out.get(name).map(String::as_str), Some(value), "{name}");
    }
    let mut empty = HashMap::new();
    propagator.inject_context(&Context::new(), &mut empty);
    assert!(empty.is_empty(), "no span, no baggage: {empty:?}");
}

#[test]
fn a_text_map_refuses_what_a_request_would() {
    let propagator = TextMap::from(Propagation::default());
    for value in ["", "00-", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", "00\n", "\u{e9}"] {
        let carrier = HashMap::from([("traceparent".to_owned(), value.to_owned())]);
        let context = propagator.extract_with_context(&Context::new(), &carrier);
        assert!(!context.span().span_context().is_valid(), "{value:?}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(trace in 1_u128.., span in 1_u64.., sampled: bool, debug: bool) {
        let flags = if sampled || debug { TraceFlags::SAMPLED } else { TraceFlags::NONE };
        let ids = TraceIds {
            trace_id: TraceId::from_bytes(trace.to_be_bytes()).unwrap(),
            span_id: SpanId::from_bytes(span.to_be_bytes()).unwrap(),
            flags,
        };
        let wish = if debug { Wish::Debug } else { Wish::Flag };
        for format in [Format::B3, Format::B3Multi, Format::Jaeger] {
            let mut out = HeaderMap::new();
            match format {
                Format::B3 => crate::propagation::b3::write_single(&ids, wish, &mut out),
                Format::B3Multi => crate::propagation::b3::write_several(&ids, wish, &mut out),
                _ => crate::propagation::jaeger::write(&ids, wish, &mut out),
            }
            let caller = Propagation::new([format]).read(&out);
            prop_assert_eq!((caller.ids, caller.wish), (Some(ids), wish));
        }
    }
}
