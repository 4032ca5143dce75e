//! What is read of B3 and Jaeger, row by row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use crate::propagation::told::Wish;
use crate::propagation::{Format, Propagation};

const TRACE: &str = "463ac35c9f6413ad48485a3953bb6124";
const SPAN: &str = "a2fb4a1d1a96d312";

pub(super) fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    lines
        .iter()
        .map(|(name, value)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect()
}

/// The `traceparent` that these headers amount to, and what is wished beyond it; `None` if they were refused.
fn read(format: Format, lines: &[(&str, &str)]) -> Option<(String, Wish)> {
    let propagation = Propagation::new([format]);
    let caller = propagation.read(&headers(lines));
    match propagation.refusals().contexts {
        0 => Some((caller.ids.map_or_else(String::new, |ids| ids.to_string()), caller.wish)),
        _ => {
            assert_eq!((caller.ids, caller.wish), (None, Wish::Flag), "what is refused says nothing");
            None
        }
    }
}

#[track_caller]
fn reads(format: Format, lines: &[(&str, &str)], flags: &str, wish: Wish) {
    assert_eq!(read(format, lines), Some((format!("00-{TRACE}-{SPAN}-{flags}"), wish)), "{lines:?}");
}

#[track_caller]
fn refuses(format: Format, lines: &[(&str, &str)]) {
    assert_eq!(read(format, lines), None, "{lines:?}");
}

#[test]
fn b3_tells_its_sampling_state() {
    for format in [Format::B3, Format::B3Multi] {
        for (state, flags, wish) in [
            ("-1", "01", Wish::Flag),
            ("-0", "00", Wish::Flag),
            ("-d", "01", Wish::Debug),
            ("", "01", Wish::Open),
            ("-1-05e3ac9a4f6e3b90", "01", Wish::Flag),
            ("-0-05e3ac9a4f6e3b90", "00", Wish::Flag),
        ] {
            reads(format, &[("b3", &format!("{TRACE}-{SPAN}{state}"))], flags, wish);
            reads(format, &[("b3", &format!(" \t{TRACE}-{SPAN}{state} "))], flags, wish);
        }
    }
}

#[test]
fn b3_in_several_headers_tells_its_sampling_state() {
    let ids = [("X-B3-TraceId", TRACE), ("X-B3-SpanId", SPAN)];
    for format in [Format::B3, Format::B3Multi] {
        for (state, flags, wish) in [
            (("x-b3-sampled", "1"), "01", Wish::Flag),
            (("x-b3-sampled", "true"), "01", Wish::Flag),
            (("x-b3-sampled", "0"), "00", Wish::Flag),
            (("x-b3-sampled", "false"), "00", Wish::Flag),
            (("x-b3-flags", "1"), "01", Wish::Debug),
            (("x-b3-flags", "0"), "01", Wish::Open),
            (("x-b3-parentspanid", "05e3ac9a4f6e3b90"), "01", Wish::Open),
        ] {
            reads(format, &[ids[0], ids[1], state], flags, wish);
        }
        let all = [ids[0], ids[1], ("x-b3-sampled", "0"), ("x-b3-flags", "1")];
        reads(format, &all, "01", Wish::Debug);
    }
}

#[test]
fn b3_of_64_bits_is_padded() {
    let short = &TRACE[16..];
    let padded = format!("00-0000000000000000{short}-{SPAN}-01");
    let several = [("x-b3-traceid", short), ("x-b3-spanid", SPAN), ("x-b3-sampled", "1")];
    for lines in [&[("b3", &*format!("{short}-{SPAN}-1"))][..], &several] {
        assert_eq!(read(Format::B3, lines), Some((padded.clone(), Wish::Flag)));
    }
}

#[test]
fn a_b3_state_alone_begins_a_new_trace() {
    for (lines, wish) in [
        (("b3", "0"), Wish::No),
        (("b3", "1"), Wish::Flag),
        (("b3", "d"), Wish::Debug),
        (("x-b3-sampled", "0"), Wish::No),
        (("x-b3-sampled", "1"), Wish::Flag),
        (("x-b3-flags", "1"), Wish::Debug),
        (("x-b3-flags", "0"), Wish::Flag),
    ] {
        assert_eq!(read(Format::B3, &[lines]), Some((String::new(), wish)), "{lines:?}");
    }
}

#[test]
fn a_single_b3_goes_before_the_several_unless_it_is_malformed() {
    let several = [
        ("x-b3-traceid", "00000000000000000000000000000001"),
        ("x-b3-spanid", "0000000000000002"),
        ("x-b3-sampled", "1"),
    ];
    let single = format!("{TRACE}-{SPAN}-0");
    reads(Format::B3, &[several[0], several[1], ("b3", &single)], "00", Wish::Flag);
    let told = read(Format::B3, &[several[0], several[1], several[2], ("b3", "nonsense")]);
    let of_several = "00-00000000000000000000000000000001-0000000000000002-01";
    assert_eq!(told, Some((of_several.to_owned(), Wish::Flag)));
}

#[test]
fn malformed_b3_is_refused() {
    let (zero, nil) = ("0".repeat(32), "0".repeat(16));
    for value in [
        "",
        "2",
        "D",
        "true",
        "-",
        "--",
        TRACE,
        &format!("{TRACE}-"),
        &format!("{TRACE}-{SPAN}-"),
        &format!("{TRACE}-{SPAN}-2"),
        &format!("{TRACE}-{SPAN}-01"),
        &format!("{TRACE}-{SPAN}-d-"),
        &format!("{TRACE}-{SPAN}-1-05e3ac9a4f6e3b9"),
        &format!("{TRACE}-{SPAN}-1-05e3ac9a4f6e3b90-"),
        &format!("{TRACE}0-{SPAN}-1"),
        &format!("{}-{SPAN}-1", &TRACE[1..]),
        &format!("{TRACE}-{SPAN}0-1"),
        &format!("{TRACE}-{}-1", &SPAN[1..]),
        &format!("{}-{SPAN}-1", TRACE.to_uppercase()),
        &format!("{zero}-{SPAN}-1"),
        &format!("{nil}-{SPAN}-1"),
        &format!("{TRACE}-{nil}-1"),
        &format!("{TRACE} -{SPAN}-1"),
        &format!("+{}-{SPAN}-1", &TRACE[1..]),
    ] {
        refuses(Format::B3, &[("b3", value)]);
    }
    let valid = format!("{TRACE}-{SPAN}-1");
    refuses(Format::B3, &[("b3", &valid), ("b3", &valid)]);
    refuses(Format::B3, &[("x-b3-traceid", TRACE)]);
    refuses(Format::B3, &[("x-b3-spanid", SPAN), ("x-b3-sampled", "0")]);
    refuses(Format::B3, &[("x-b3-traceid", TRACE), ("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN)]);
    for state in [("x-b3-sampled", "2"), ("x-b3-sampled", "d"), ("x-b3-parentspanid", "1")] {
        refuses(Format::B3, &[("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN), state]);
    }
}

#[test]
fn jaeger_tells_its_flags() {
    for (flags, told, wish) in [
        ("1", "01", Wish::Flag),
        ("01", "01", Wish::Flag),
        ("0", "00", Wish::Flag),
        ("3", "01", Wish::Debug),
        ("2", "01", Wish::Debug),
        ("9", "01", Wish::Flag),
        ("8", "00", Wish::Flag),
    ] {
        for colon in [":", "%3A", "%3a"] {
            for parent in ["0", "05e3ac9a4f6e3b90", "0000000000000000"] {
                let value = [TRACE, SPAN, parent, flags].join(colon);
                reads(Format::Jaeger, &[("uber-trace-id", &value)], told, wish);
            }
        }
    }
}

#[test]
fn jaeger_ids_are_padded() {
    let told = |value| read(Format::Jaeger, &[("uber-trace-id", value)]).unwrap().0;
    assert_eq!(told("1:2:0:1"), "00-00000000000000000000000000000001-0000000000000002-01");
    assert_eq!(told("48485a3953bb6124:abc:0:0"), "00-000000000000000048485a3953bb6124-0000000000000abc-00");
    assert_eq!(told("123456789abcdef01:1:0:0"), "00-000000000000000123456789abcdef01-0000000000000001-00");
}

#[test]
fn malformed_jaeger_is_refused() {
    let zero = "0".repeat(32);
    for value in [
        "",
        ":::",
        "1:2:0",
        "1:2:0:",
        "1:2::1",
        "1:2:0:1:",
        "0:2:0:1",
        "1:0:0:1",
        "1:2:0:100",
        "1:2:0:g",
        "A:2:0:1",
        "+1:2:0:1",
        "1:2:0: 1",
        &format!("{zero}:2:0:1"),
        &format!("{TRACE}0:{SPAN}:0:1"),
        &format!("{TRACE}:{SPAN}0:0:1"),
        &format!("{TRACE}-{SPAN}-0-1"),
        &format!("{TRACE}:{SPAN}:{SPAN}0:1"),
    ] {
        refuses(Format::Jaeger, &[("uber-trace-id", value)]);
    }
    refuses(Format::Jaeger, &[("uber-trace-id", "1:2:0:1"), ("uber-trace-id", "1:2:0:1")]);
}

#[test]
fn the_first_well_formed_format_of_the_list_is_taken() {
    let parent = "00-00000000000000000000000000000001-0000000000000002-00";
    let b3 = format!("{TRACE}-{SPAN}-1");
    let lines = [("traceparent", parent), ("tracestate", "a=1"), ("b3", b3.as_str())];
    let told = |list: &str, lines: &[(&str, &str)]| {
        let caller = Propagation::of_names(list).unwrap().read(&headers(lines));
        (caller.ids.unwrap().to_string(), caller.state.get("a").is_some())
    };
    let of_b3 = format!("00-{TRACE}-{SPAN}-01");
    assert_eq!(told("tracecontext,b3", &lines), (parent.to_owned(), true));
    assert_eq!(told("b3,tracecontext", &lines), (of_b3.clone(), false), "a state belongs to its traceparent");
    assert_eq!(told("tracecontext,b3", &[("traceparent", "00-"), lines[1], lines[2]]), (of_b3, false));
}

#[test]
fn a_format_that_is_not_chosen_is_not_read() {
    let b3 = format!("{TRACE}-{SPAN}-1");
    let lines = headers(&[("b3", &b3), ("uber-trace-id", "1:2:0:1"), ("baggage", "a=1"), ("uberctx-b", "2")]);
    let caller = Propagation::of_names("tracecontext").unwrap().read(&lines);
    assert!(caller.ids.is_none() && caller.baggage.is_empty());
    let none =
        Propagation::of_names("none").unwrap().read(&headers(&[("traceparent", "x"), ("baggage", ",")]));
    assert!(none.ids.is_none());
    let jaeger = Propagation::of_names("jaeger").unwrap().read(&lines);
    assert!(jaeger.ids.is_some() && jaeger.baggage.is_empty(), "baggage is a choice of its own");
}

#[test]
fn jaegers_baggage_is_taken_beside_w3cs() {
    let lines = headers(&[
        ("baggage", "a=1;p"),
        ("uberctx-b", "two%20words"),
        ("UberCtx-A", "9"),
        ("uberctx-c", "x,y"),
    ]);
    let propagation = Propagation::of_names("jaeger,baggage").unwrap();
    let sent = propagation.read(&lines).baggage.to_header_value().unwrap();
    assert_eq!(sent, "a=1;p,b=two%20words,c=x%2Cy");
    assert_eq!(propagation.refusals().members, 0);
    let mut odd = headers(&[("uberctx-", "1"), ("uberctx-ok", "1")]);
    odd.insert("uberctx-x", HeaderValue::from_bytes(b"\xff").unwrap());
    assert_eq!(propagation.read(&odd).baggage.to_header_value().unwrap(), "ok=1");
    assert_eq!(propagation.refusals().members, 2);
}

#[test]
fn what_is_refused_is_counted_by_its_kind() {
    let propagation = Propagation::default();
    let parent = format!("00-{TRACE}-{SPAN}-01");
    propagation.read(&headers(&[("traceparent", "00-"), ("tracestate", "A=1")]));
    propagation.read(&headers(&[("traceparent", &parent), ("tracestate", "A=1"), ("baggage", "a=1,b,c")]));
    let refusals = propagation.clone().refusals();
    assert_eq!((refusals.contexts, refusals.states, refusals.members), (1, 1, 2));
}

proptest! {
    #[test]
    fn arbitrary_headers_never_panic(
        lines in proptest::collection::vec((0..10_usize, "[ -~\t]{0,70}|[0-9a-f]{1,32}[-:%][0-9a-f]{16}[-:][01d:]{0,9}"), 0..6),
    ) {
        let names = ["traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled",
            "x-b3-flags", "uber-trace-id", "uberctx-a"];
        let lines: Vec<_> = lines.iter().map(|(name, value)| (names[*name], value.as_str())).collect();
        let propagation = Propagation::of_names("jaeger,b3,b3multi,tracecontext,baggage").unwrap();
        let caller = propagation.read(&headers(&lines));
        let _ = caller.attach_to(&opentelemetry::Context::new());
    }
}
