//! The other formats, through the relay.

use http::HeaderMap;
use tower_telemetry::{Propagation, TelemetryBuilder};

use crate::harness::Harness;

const TRACE: &str = "463ac35c9f6413ad48485a3953bb6124";
const SPAN: &str = "a2fb4a1d1a96d312";

fn speaking(list: &'static str) -> impl FnOnce(TelemetryBuilder) -> TelemetryBuilder {
    move |builder| builder.with_propagation(Propagation::of_names(list).unwrap())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().unwrap();
    assert!(all.next().is_none(), "one {name}: {headers:?}");
    Some(first)
}

/// The fields of a `b3` that continues the trace.
fn b3(headers: &HeaderMap) -> [String; 3] {
    let fields: Vec<_> = text(headers, "b3").unwrap().split('-').map(str::to_owned).collect();
    fields.try_into().unwrap()
}

#[tokio::test]
async fn b3_goes_in_and_out_in_one_header() {
    let harness = Harness::of(speaking("b3")).await;
    for (state, sent) in [("-1", "1"), ("-0", "0"), ("-d", "d"), ("-1-05e3ac9a4f6e3b90", "1")] {
        let out = harness.relay(&[("b3", &format!("{TRACE}-{SPAN}{state}"))]).await;
        let [trace, span, told] = b3(&out);
        assert_eq!((trace.as_str(), told.as_str()), (TRACE, sent), "{state}");
        assert!(span.len() == 16 && span != SPAN);
        assert!(!out.contains_key("traceparent") && !out.contains_key("x-b3-traceid"));
    }
}

#[tokio::test]
async fn a_b3_that_leaves_the_decision_open_is_decided_here() {
    let harness = Harness::of(speaking("b3")).await;
    let [trace, _, told] = b3(&harness.relay(&[("b3", &format!("{TRACE}-{SPAN}"))]).await);
    assert_eq!((trace.as_str(), told.as_str()), (TRACE, "1"));
    harness.rig.until_ended("server", 1).await;
    assert_eq!(harness.rig.spans().len(), 2, "the sampler of this service says yes");
}

#[tokio::test]
async fn a_b3_that_says_no_without_ids_is_obeyed() {
    for denial in [("b3", "0"), ("x-b3-sampled", "0")] {
        let harness = Harness::of(speaking("b3")).await;
        let [trace, _, told] = b3(&harness.relay(&[denial]).await);
        assert!(trace != TRACE && told == "0", "{denial:?}");
        harness.rig.until_ended("server", 1).await;
        assert!(harness.rig.spans().is_empty());
        assert_eq!(
            harness.rig.line_of("server").ids()[0],
            Some(trace.as_str()),
            "lines have ids all the same"
        );
    }
}

#[tokio::test]
async fn b3_goes_in_and_out_in_several_headers() {
    let harness = Harness::of(speaking("b3multi")).await;
    let ids = [("X-B3-TraceId", TRACE), ("X-B3-SpanId", SPAN), ("X-B3-ParentSpanId", "05e3ac9a4f6e3b90")];
    let out = harness.relay(&[ids[0], ids[1], ids[2], ("X-B3-Sampled", "1")]).await;
    assert_eq!((text(&out, "x-b3-traceid"), text(&out, "x-b3-sampled")), (Some(TRACE), Some("1")));
    assert!(text(&out, "x-b3-spanid").is_some_and(|span| span.len() == 16 && span != SPAN));
    assert!(!out.contains_key("x-b3-parentspanid") && !out.contains_key("b3"));
    let out = harness.relay(&[ids[0], ids[1], ("X-B3-Flags", "1")]).await;
    assert_eq!((text(&out, "x-b3-flags"), text(&out, "x-b3-sampled")), (Some("1"), None));
    let out = harness.relay(&[("x-b3-traceid", &TRACE[16..]), ids[1], ("x-b3-sampled", "0")]).await;
    assert_eq!(text(&out, "x-b3-traceid"), Some(&*format!("0000000000000000{}", &TRACE[16..])));
}

#[tokio::test]
async fn jaeger_goes_in_and_out_with_its_baggage() {
    let harness = Harness::of(speaking("jaeger,baggage")).await;
    let header = ("uber-trace-id", &*format!("{}%3A{SPAN}%3A0%3A1", &TRACE[16..]));
    let out = harness.relay(&[header, ("uberctx-tenant", "seven%2C%20eight")]).await;
    let fields: Vec<_> = text(&out, "uber-trace-id").unwrap().split(':').collect();
    assert_eq!((fields[0], fields[2], fields[3]), (&*format!("0000000000000000{}", &TRACE[16..]), "0", "1"));
    assert_ne!(fields[1], SPAN);
    assert_eq!(text(&out, "uberctx-tenant"), Some("seven%2C%20eight"));
    assert_eq!(text(&out, "baggage"), Some("tenant=seven%2C%20eight"));
}

#[tokio::test]
async fn what_is_malformed_begins_a_new_trace_and_is_counted_and_not_echoed() {
    let harness = Harness::of(speaking("tracecontext,b3multi,jaeger,baggage")).await;
    let bad = [
        ("traceparent", format!("00-{TRACE}-{SPAN}-x")),
        ("b3", format!("{TRACE}-{SPAN}-x")),
        ("uber-trace-id", format!("{TRACE}:{SPAN}:0:x")),
        ("baggage", format!("a={TRACE} {SPAN}")),
    ];
    let bad: Vec<_> = bad.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let out = harness.relay(&bad).await;
    assert!(!format!("{out:?}{}", harness.rig.log()).contains(TRACE), "{out:?}");
    assert!(out.contains_key("traceparent") && out.contains_key("x-b3-traceid"));
    let page = harness.rig.page();
    for line in ["tower_telemetry_traceparents_refused_total 3", "tower_telemetry_baggage_refused_total 1"] {
        assert!(page.contains(line), "{line}:\n{page}");
    }
}

#[tokio::test]
async fn with_no_format_nothing_is_read_and_nothing_written() {
    let harness = Harness::of(speaking("none")).await;
    let out = harness.relay(&[("traceparent", &format!("00-{TRACE}-{SPAN}-01")), ("baggage", "a=1")]).await;
    for name in ["traceparent", "tracestate", "baggage", "b3", "uber-trace-id"] {
        assert!(!out.contains_key(name), "{out:?}");
    }
    assert!(!harness.rig.log().contains(TRACE));
}
