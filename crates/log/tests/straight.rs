//! Most lines are written straight into their buffer, others are put together: nobody can tell which.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::error::Error;
use std::fmt;
use std::io;

use support::{Captured, Line};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{RequestId, Scope, TraceIds, Work};
use tower_telemetry_log::{JsonLayer, SourceLocation};
use tracing::info;
use tracing_subscriber::prelude::*;

/// The line of an event written straight, and put together: with its place in the source, which is then cut out.
fn both(work: impl Fn()) -> [String; 2] {
    let (straight, together) = (Captured::default(), Captured::default());
    let layer = |captured: &Captured| JsonLayer::new(captured.clone()).with_service_name("shop");
    let subscriber = tracing_subscriber::registry()
        .with(layer(&straight))
        .with(layer(&together).with_source_location(SourceLocation::Included));
    tracing::subscriber::with_default(subscriber, work);
    let [straight, together] = [straight, together].map(|captured| {
        let texts = captured.texts();
        let [text] = &texts[..] else { panic!("one line: {texts:?}") };
        Line::read(text.clone()).text.split_off(r#"{"timestamp":"2026-03-01T08:05:09.000042Z"#.len())
    });
    let place = together.find(",\"code.file.path\"").unwrap();
    let number = together.find("\"code.line.number\":").unwrap();
    let end = number + together[number..].find([',', '}']).unwrap();
    let together = [&together[..place], &together[end..]].concat();
    [straight, together]
}

#[track_caller]
fn same(work: impl Fn()) -> String {
    let [straight, together] = both(work);
    assert_eq!(straight, together);
    straight
}

/// Tells nothing and panics.
struct Faulty;

impl fmt::Debug for Faulty {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("faulty")
    }
}

#[test]
fn every_kind_of_value_is_told_the_same() {
    let failure = io::Error::other("disk \"full\"");
    let line = same(|| {
        info!(
            signed = -1_i64,
            unsigned = u64::MAX,
            large = u128::MAX,
            small = i128::MIN,
            float = 0.1,
            nan = f64::NAN,
            truth = true,
            text = "é\u{1b}\u{61c}",
            none = None::<u8>,
            debug = ?Some("x"),
            error = &failure as &(dyn Error + 'static),
            "told {}\n",
            7
        );
    });
    assert!(line.contains(r#""message":"told 7\n","service.name":"shop","signed":-1,"#), "{line}");
}

#[test]
fn with_ids_and_without_with_a_message_or_fields_or_neither() {
    let work = || {
        let ids = TraceIds::random(TraceFlags::NONE);
        Scope::of_work(Work::new().with_trace(ids).with_linked(ids).with_request_id(RequestId::new("r")))
    };
    for scope in [Scope::NOBODY, work()] {
        let within = |event: fn()| {
            same(|| {
                let _scope = scope.clone().attach();
                event();
            })
        };
        within(|| info!("alone"));
        within(|| info!(a = 1));
        within(|| info!(a = 1, message = "late", b = 2));
        within(|| info!(message = None::<&str>, a = 1));
        within(|| info!(none = None::<u8>));
        within(|| info!(trace_id = "own", level = 7, truncated = "own", "told"));
        within(|| info!(a = 1, "a" = 2, "quoted \" key" = 3, "told"));
    }
}

#[test]
fn what_finds_no_room_is_left_out_of_both() {
    let long = "x".repeat(9_000);
    let line = same(|| info!(long, short = 1, "{long}"));
    assert!(line.ends_with(",\"short\":1,\"truncated\":true}\n"), "{line}");
    for length in [7_000, 8_100, 8_176, 8_192] {
        let text = "x".repeat(length);
        let line = same(|| {
            info!(
                a = text,
                b = text,
                c = text,
                d = text,
                e = text,
                f = text,
                g = text,
                h = text,
                i = 1,
                "{text}"
            );
        });
        assert!(line.len() <= 64 * 1024);
    }
}

#[test]
fn a_panic_in_a_value_and_a_value_that_logs_stay_where_they_are() {
    assert!(
        same(|| info!(a = 1, faulty = ?Faulty, b = 2, "told")).contains(r#""faulty":"<panicked>","b":2"#)
    );
    assert!(same(|| info!(a = 1, "{:?}", Faulty)).contains(r#""message":"<panicked>","#));
}
