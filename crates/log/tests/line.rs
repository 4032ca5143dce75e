//! The shape of a line, as its reader sees it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::io;
use std::sync::Mutex;

use support::{Captured, one, told, told_by};
use tower_telemetry_log::{JsonLayer, SourceLocation};
use tracing::{Span, debug, error, info, info_span};
use tracing_subscriber::prelude::*;

#[test]
fn an_event_is_one_flat_object_on_one_line() {
    let line = one(|| error!(target: "shop::orders", order = 7, paid = false, "no \"{}\"\nleft", "stock"));
    let (time, rest) = line.text.split_at(r#"{"timestamp":"2026-03-01T08:05:09.000042Z""#.len());
    let digits = time.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(digits, r#"{"timestamp":"0000-00-00T00:00:00.000000Z""#);
    assert_eq!(
        rest,
        concat!(
            r#","level":"ERROR","target":"shop::orders","message":"no \"stock\"\nleft","order":7,"paid":false}"#,
            "\n"
        )
    );
}

#[test]
fn the_message_comes_first_wherever_it_is_written() {
    let line = one(|| info!(a = 1, message = "late", b = 2));
    assert_eq!(line.own_keys(), ["message", "a", "b"]);
}

#[test]
fn an_event_without_a_message_has_none() {
    assert_eq!(one(|| info!(a = 1)).own_keys(), ["a"]);
}

#[test]
fn every_kind_of_value_keeps_its_kind() {
    let failure = io::Error::other("disk full");
    let line = one(|| {
        info!(
            signed = -1_i64,
            unsigned = u64::MAX,
            float = 0.1,
            truth = true,
            text = "é",
            debug = ?Some("x"),
            display = %1.5,
            error = &failure as &(dyn std::error::Error + 'static),
            nan = f64::NAN,
            none = None::<u8>,
            r#type = "keyword",
        );
    });
    let expected = [
        ("signed", "-1"),
        ("unsigned", "18446744073709551615"),
        ("float", "0.1"),
        ("truth", "true"),
        ("text", "\"é\""),
        ("debug", r#""Some(\"x\")""#),
        ("display", "\"1.5\""),
        ("error", "\"disk full\""),
        ("nan", "null"),
        ("type", "\"keyword\""),
    ];
    assert_eq!(line.own_keys(), expected.map(|(key, _)| key));
    for (key, json) in expected {
        assert_eq!(line.json(key), json, "{key}");
    }
}

#[test]
fn an_integer_of_128_bits_is_told_in_full() {
    let line = one(|| info!(large = u128::MAX, small = i128::MIN));
    assert!(line.text.contains(r#""large":340282366920938463463374607431768211455"#));
    assert!(line.text.contains(r#""small":-170141183460469231731687303715884105728"#));
}

#[test]
fn spans_are_told_from_the_outermost_and_the_innermost_write_of_a_key_wins() {
    let line = one(|| {
        let _outer = info_span!("outer", a = "outer", b = "outer", c = "outer", d = "outer").entered();
        let _inner = info_span!("inner", b = "inner", c = "inner", e = "inner").entered();
        info!(c = "event", f = "event", "told");
    });
    assert_eq!(line.own_keys(), ["message", "a", "d", "b", "e", "c", "f"]);
    let written = ["a", "d", "b", "e", "c", "f"].map(|key| line.fields[key].as_str().unwrap().to_owned());
    assert_eq!(written, ["outer", "outer", "inner", "inner", "event", "event"]);
}

#[test]
fn a_field_recorded_later_is_told_from_then_on() {
    let lines = told(|| {
        let span = info_span!("span", a = 1, b = tracing::field::Empty);
        let _entered = span.enter();
        info!("before");
        span.record("b", 2);
        span.record("a", "one");
        info!("after");
    });
    assert_eq!(lines[0].own_keys(), ["message", "a"]);
    assert_eq!((lines[1].json("a"), lines[1].json("b")), ("\"one\"".to_owned(), "2".to_owned()));
}

#[test]
fn a_span_without_fields_can_still_be_given_one() {
    let line = one(|| {
        let span = info_span!("span", late = tracing::field::Empty);
        span.record("late", true);
        span.in_scope(|| info!("told"));
    });
    assert_eq!(line.own_keys(), ["message", "late"]);
}

#[test]
fn a_closed_span_leaves_nothing_for_the_next() {
    let line = one(|| {
        for n in 0..10 {
            info_span!("closed", n).in_scope(|| ());
        }
        info_span!("open", m = 1).in_scope(|| info!("told"));
    });
    assert_eq!(line.own_keys(), ["message", "m"]);
}

#[test]
fn an_explicit_parent_counts_and_a_root_event_has_none() {
    let lines = told(|| {
        let elsewhere = info_span!("elsewhere", a = 1);
        let _entered = info_span!("entered", b = 2).entered();
        info!(parent: &elsewhere, "child");
        info!(parent: None, "root");
        info!(parent: Span::none(), "none");
    });
    assert_eq!(lines[0].own_keys(), ["message", "a"]);
    assert_eq!(lines[1].own_keys(), ["message"]);
}

#[test]
fn a_field_given_twice_is_told_once() {
    let line = one(|| info!(a = 1, b = 2, a = 3));
    assert_eq!((line.own_keys(), line.json("a").as_str()), (vec!["b", "a"], "3"));
}

#[test]
fn the_keys_of_the_line_itself_cannot_be_taken() {
    let lines = told_by(
        |layer| layer.with_service_name("shop"),
        || {
            let _span = info_span!("span", message = "span", level = 9, timestamp = 9, service.name = "span")
                .entered();
            info!(level = "mine", target = "mine", timestamp = 0, service.name = "mine", order = 7, "told");
        },
    );
    assert_eq!(lines[0].own_keys(), ["message", "service.name", "order"]);
    assert_eq!(
        (lines[0].json("message"), lines[0].json("level")),
        ("\"told\"".to_owned(), "\"INFO\"".to_owned())
    );
    assert_eq!(lines[0].json("service.name"), "\"shop\"");
}

#[test]
fn without_an_exchange_or_a_service_name_their_keys_are_free() {
    let line = one(|| {
        let _span = info_span!("span", trace_id = "theirs", service.name = "theirs").entered();
        info!(request_id = "theirs", code.file.path = "theirs");
    });
    assert_eq!(line.own_keys(), ["trace_id", "service.name", "request_id", "code.file.path"]);
}

#[test]
fn a_service_name_is_escaped_and_can_be_changed() {
    let lines =
        told_by(|layer| layer.with_service_name("first").with_service_name("sh\"op\n"), || info!("told"));
    assert_eq!(lines[0].json("service.name"), r#""sh\"op\n""#);
}

#[test]
fn the_place_in_the_source_is_told_on_request() {
    let mut number = 0;
    let lines = told_by(
        |layer| layer.with_source_location(SourceLocation::Included),
        || {
            number = line!() + 1;
            info!(code.line.number = 0, "told");
        },
    );
    assert_eq!(lines[0].own_keys(), ["message", "code.file.path", "code.line.number"]);
    assert!(lines[0].json("code.file.path").ends_with("tests/line.rs\""));
    assert_eq!(lines[0].json("code.line.number"), number.to_string());
}

#[test]
fn a_record_of_the_log_crate_is_told_under_its_own_target() {
    // The bridge from `log` to `tracing` gives each record this name, this target and these fields.
    let record = || {
        tracing::event!(
            name: "log event",
            target: "log",
            tracing::Level::WARN,
            log.target = "hyper::proto",
            log.module_path = "hyper::proto::h1",
            log.file = "src/h1.rs",
            log.line = 42_u64,
            order = 7,
            "told"
        );
    };
    let plain = one(record);
    assert_eq!(
        (plain.json("target").as_str(), plain.own_keys()),
        ("\"hyper::proto\"", vec!["message", "order"])
    );
    let located = told_by(|layer| layer.with_source_location(SourceLocation::Included), record);
    assert_eq!(located[0].json("code.file.path"), "\"src/h1.rs\"");
    assert_eq!(located[0].json("code.line.number"), "42");
}

#[test]
fn a_long_value_is_cut_and_the_line_says_so() {
    let line = one(|| info!(long = "é".repeat(10_000), truncated = "mine", short = 1, "told"));
    assert_eq!(line.own_keys(), ["message", "long", "short", "truncated"]);
    assert_eq!(line.fields["long"].as_str().unwrap(), "é".repeat(4096));
    assert_eq!(line.json("truncated"), "true");
}

#[test]
fn a_cut_value_that_is_hidden_or_replaced_does_not_make_a_line_less_whole() {
    let long = "x".repeat(10_000);
    let lines = told(|| {
        let span = info_span!("span", a = long, b = long).entered();
        info!(a = 1, "cut in b");
        span.record("b", 2);
        info!(a = 1, "whole");
        info!(level = long, "cut in a");
    });
    let told = lines.iter().map(|line| line.fields.contains_key("truncated")).collect::<Vec<_>>();
    assert_eq!(told, [true, false, true]);
}

#[test]
fn a_whole_line_leaves_the_key_truncated_free() {
    assert_eq!(one(|| info!(truncated = "mine")).json("truncated"), "\"mine\"");
}

#[test]
fn a_line_above_its_limit_keeps_what_is_nearest_to_the_event() {
    let long = "x".repeat(8_192);
    let line = one(|| {
        let _far: Vec<_> = (0..20).map(|depth| info_span!("far", depth, far = long).entered()).collect();
        let _outer = info_span!("outer", a = long, truncated = 1).entered();
        let _inner = info_span!("inner", b = long, n = 1).entered();
        info!(c = long, d = long, e = long, f = long, g = long, "told");
    });
    assert!(line.text.len() <= 64 * 1024);
    assert_eq!(line.own_keys(), ["message", "depth", "a", "b", "n", "c", "d", "e", "f", "g", "truncated"]);
    assert_eq!((line.json("depth").as_str(), line.json("truncated").as_str()), ("19", "true"));
}

#[test]
fn an_event_above_the_limit_of_a_line_keeps_its_first_fields() {
    let long = "x".repeat(8_192);
    let line = one(|| {
        let _span = info_span!("span", k = "outer", z = "outer").entered();
        info!(
            a = long,
            b = long,
            c = long,
            d = long,
            e = long,
            f = long,
            g = long,
            h = long,
            k = long,
            m = 1,
            "told"
        );
    });
    assert!(line.text.len() <= 64 * 1024);
    // An outer value under the name of a field that was left out would be a lie.
    assert_eq!(line.own_keys(), ["message", "z", "a", "b", "c", "d", "e", "f", "g", "m", "truncated"]);
}

#[test]
fn a_span_keeps_at_most_its_share() {
    let long = "x".repeat(8_000);
    let line = one(|| {
        let span = info_span!("span", a = long, b = long, c = long, d = tracing::field::Empty);
        span.record("d", &long);
        span.in_scope(|| info!("told"));
    });
    assert_eq!(line.own_keys(), ["message", "a", "b", "truncated"]);
}

#[test]
fn two_layers_tell_the_same_fields() {
    let (first, second) = (Captured::default(), Captured::default());
    let subscriber = tracing_subscriber::registry()
        .with(JsonLayer::new(first.clone()))
        .with(JsonLayer::new(second.clone()).with_service_name("shop"));
    tracing::subscriber::with_default(subscriber, || {
        let span = info_span!("span", a = 1, b = tracing::field::Empty).entered();
        span.record("b", 2);
        info!("told");
    });
    assert_eq!(first.lines()[0].own_keys(), ["message", "a", "b"]);
    assert_eq!(second.lines()[0].own_keys(), ["message", "service.name", "a", "b"]);
}

#[test]
fn a_span_that_a_filter_hides_is_hidden_from_the_line() {
    let captured = Captured::default();
    let layer = JsonLayer::new(captured.clone()).with_filter(tracing_subscriber::filter::LevelFilter::INFO);
    let all = JsonLayer::new(io::sink);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer).with(all), || {
        let _shown = info_span!("shown", a = 1).entered();
        let _hidden = tracing::debug_span!("hidden", b = 2).entered();
        debug!("hidden");
        info!("told");
    });
    let lines = captured.lines();
    assert_eq!((lines.len(), lines[0].own_keys()), (1, vec!["message", "a"]));
}

#[test]
fn a_line_that_cannot_be_written_is_counted() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let layer = JsonLayer::new(Mutex::new(Full));
    let lost = layer.lost_lines();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        info!("one");
        info!("two");
    });
    assert_eq!(lost.count(), 2);
}
