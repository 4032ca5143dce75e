//! The ledger hears every source once, compares what they say, and forgets what it has compared.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::time::Duration;

use tower_telemetry_core::{Ending, Verdict};
use tower_telemetry_testing::{ExchangeKey, Ledger, Said, Sentence, Source};

fn key(n: u8) -> ExchangeKey {
    ExchangeKey::from_bytes([n; 16], [n; 8]).unwrap()
}

fn all() -> Sentence {
    Sentence::new()
        .route(Some("/users/{id}"))
        .status(Some(404))
        .grpc(Some("NOT_FOUND"))
        .error_type(Some("404"))
        .verdict(Verdict::CallerFault)
        .ending(Ending::Complete)
        .duration(Duration::from_millis(5))
        .request_id(Some("one"))
}

/// What the log says otherwise than the span, which says `all()`.
fn disagreements(log: Sentence) -> Vec<String> {
    let ledger = Ledger::new(8).expecting([Source::Span, Source::Log]);
    ledger.note(Source::Span, key(1), all());
    ledger.note(Source::Log, key(1), log);
    let summary = ledger.summary();
    assert_eq!(summary.disagreements, summary.first_disagreements.len() as u64);
    assert_eq!(summary.complete, 1);
    let prefix = format!("{}: ", key(1));
    summary.first_disagreements.iter().map(|line| line.strip_prefix(&prefix).unwrap().to_owned()).collect()
}

#[test]
fn sources_that_say_the_same_agree() {
    assert_eq!(disagreements(all()), Vec::<String>::new());
}

#[test]
fn what_a_source_does_not_say_is_not_compared() {
    assert_eq!(disagreements(Sentence::new()), Vec::<String>::new());
    assert_eq!(disagreements(Sentence::new().status(Some(404))), Vec::<String>::new());
}

#[test]
fn each_field_that_differs_is_a_disagreement_of_its_own() {
    let cases = [
        (all().route(Some("/orders")), "route is /users/{id} to the span, but /orders to the log"),
        (all().route(None::<String>), "route is /users/{id} to the span, but nothing to the log"),
        (all().status(Some(200)), "status is 404 to the span, but 200 to the log"),
        (all().grpc(Some("OK")), "gRPC status is NOT_FOUND to the span, but OK to the log"),
        (all().error_type(None::<String>), "error.type is 404 to the span, but nothing to the log"),
        (all().verdict(Verdict::Ok), "verdict is caller_fault to the span, but ok to the log"),
        (all().ending(Ending::Dropped), "ending is complete to the span, but dropped to the log"),
        (all().duration(Duration::from_millis(6)), "duration is 5ms to the span, but 6ms to the log"),
        (all().request_id(Some("two")), "request id is one to the span, but two to the log"),
    ];
    for (sentence, expected) in cases {
        assert_eq!(disagreements(sentence), [expected]);
    }
    assert_eq!(disagreements(all().status(Some(200)).verdict(Verdict::Ok)).len(), 2);
}

#[test]
fn a_sentence_keeps_unsaid_and_said_nothing_apart() {
    assert_eq!(Sentence::new().route.as_option(), None);
    assert_eq!(Sentence::new().route(None::<String>).route.as_option(), Some(&None));
    assert_eq!(Sentence::new().status(Some(200)).status, Said::Said(Some(200)));
}

#[test]
fn durations_may_differ_by_the_tolerance() {
    for (tolerance, difference, disagreements) in [(1_000, 1_000, 0), (1_000, 1_001, 1), (5_000, 5_000, 0)] {
        let ledger = Ledger::new(8).with_tolerance(Duration::from_nanos(tolerance));
        let told = Duration::from_millis(5);
        ledger.note(Source::Span, key(1), Sentence::new().duration(told + Duration::from_nanos(difference)));
        ledger.note(Source::Log, key(1), Sentence::new().duration(told));
        assert_eq!(ledger.summary().disagreements, disagreements, "{tolerance} {difference}");
    }
    let ledger = Ledger::new(8);
    ledger.note(Source::Span, key(1), Sentence::new().duration(Duration::from_nanos(1_000)));
    ledger.note(Source::Log, key(1), Sentence::new().duration(Duration::ZERO));
    assert_eq!(ledger.summary().disagreements, 0, "by default by a microsecond");
}

#[test]
fn an_exchange_is_closed_when_all_expected_sources_have_spoken() {
    let ledger = Ledger::new(8).expecting([Source::Span, Source::Log]);
    ledger.note(Source::Span, key(1), all());
    ledger.note(Source::Header, key(1), Sentence::new().status(Some(404)));
    let summary = ledger.summary();
    assert_eq!((summary.open, summary.complete), (1, 0));
    ledger.note(Source::Log, key(1), all());
    let summary = ledger.summary();
    assert_eq!((summary.open, summary.complete, summary.incomplete), (0, 1, 0));
    assert!(summary.missing.is_empty());
}

#[test]
fn a_source_that_speaks_twice_disagrees_with_itself() {
    let ledger = Ledger::new(8).expecting([Source::Span, Source::Log]);
    ledger.note(Source::Log, key(1), all());
    ledger.note(Source::Log, key(1), all());
    let summary = ledger.summary();
    assert_eq!(summary.disagreements, 1);
    assert_eq!(summary.first_disagreements, [format!("{}: the log speaks twice", key(1))]);
}

#[test]
fn beyond_its_capacity_the_oldest_is_closed_with_what_it_has() {
    let ledger = Ledger::new(2).expecting([Source::Span, Source::Log]);
    ledger.note(Source::Span, key(1), all());
    ledger.note(Source::Log, key(2), all());
    ledger.note(Source::Span, key(3), all());
    let summary = ledger.summary();
    assert_eq!((summary.open, summary.complete, summary.incomplete), (2, 0, 1));
    assert_eq!(summary.missing.into_iter().collect::<Vec<_>>(), [(Source::Log, 1)]);

    ledger.note(Source::Span, key(2), all());
    assert_eq!(ledger.summary().complete, 1, "the second was still open");
    ledger.close();
    let summary = ledger.summary();
    assert_eq!((summary.open, summary.incomplete), (0, 2));
    assert_eq!(summary.missing.get(&Source::Log), Some(&2));
    assert_eq!(summary.disagreements, 0);
}

#[test]
fn ten_disagreements_are_kept_as_sentences_and_all_are_counted() {
    let ledger = Ledger::new(100).expecting([Source::Span, Source::Log]);
    for n in 1..=12 {
        ledger.note(Source::Span, key(n), Sentence::new().status(Some(200)));
        ledger.note(Source::Log, key(n), Sentence::new().status(Some(500)));
    }
    let summary = ledger.summary();
    assert_eq!((summary.disagreements, summary.first_disagreements.len()), (12, 10));
}

#[test]
fn keys_are_the_same_in_bytes_and_in_text() {
    let (trace, span) = ("01".repeat(16), "01".repeat(8));
    assert_eq!(ExchangeKey::from_hex(&trace, &span), Some(key(1)));
    assert_eq!(key(1).to_string(), format!("{trace}/{span}"));
    for (trace, span) in [("", ""), (&trace[1..], &span), (&trace, "zz"), (&"0".repeat(32), &span)] {
        assert_eq!(ExchangeKey::from_hex(trace, span), None);
    }
    assert_eq!(ExchangeKey::from_bytes([0; 16], [1; 8]), None);
    assert_eq!(ExchangeKey::from_bytes([1; 16], [0; 8]), None);
}

#[test]
fn every_source_has_a_name_of_its_own() {
    let names: Vec<_> = Source::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["outcome", "span", "log", "metrics", "header", "caller"]);
}

#[test]
fn a_summary_can_be_read_aloud() {
    let ledger = Ledger::new(8).expecting([Source::Span, Source::Log]);
    ledger.note(Source::Span, key(1), Sentence::new().status(Some(200)));
    ledger.note(Source::Log, key(1), Sentence::new().status(Some(500)));
    ledger.note(Source::Span, key(2), all());
    ledger.close();
    let expected = format!(
        "0 exchanges started, 0 ended (0 complete, 0 failed, 0 dropped, 0 panicked, 0 upgraded)\n\
         1 compared, 0 open, 1 incomplete, 1 without a word of the log\n\
         1 disagreements\n\
         - {}: status is 200 to the span, but 500 to the log",
        key(1)
    );
    assert_eq!(ledger.summary().to_string(), expected);
}
