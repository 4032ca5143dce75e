//! Whatever is logged reads back as what it was.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use proptest::prelude::*;
use serde_json::Value;
use support::Captured;
use tower_telemetry_log::JsonLayer;
use tracing::{info, info_span};
use tracing_subscriber::prelude::*;

/// Those that a JSON writer gets wrong.
const AWKWARD: [char; 24] = [
    '"',
    '\\',
    '/',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u{1b}',
    '\u{7f}',
    '\u{80}',
    '\u{9b}',
    '\u{9f}',
    '\u{a0}',
    '\u{2027}',
    '\u{2028}',
    '\u{2029}',
    '\u{202e}',
    '\u{2069}',
    '\u{feff}',
    '\u{ffff}',
    '\u{10ffff}',
    'é',
    '€',
    '😀',
];

/// Any characters, half of them plain, a quarter awkward.
fn text() -> impl Strategy<Value = String> {
    let character = |number: u32| match number % 4 {
        0 | 1 => char::from(b' ' + (number / 4 % 95) as u8),
        2 => AWKWARD[(number / 4) as usize % AWKWARD.len()],
        _ => char::from_u32(number / 4 % 0x11_0000).unwrap_or('\u{fffd}'),
    };
    prop::collection::vec(any::<u32>(), 0..40)
        .prop_map(move |numbers| numbers.into_iter().map(character).collect())
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![any::<u64>().prop_map(f64::from_bits), -1e6..1e6, (-1000_i32..1000).prop_map(f64::from)]
}

#[test]
fn twenty_thousand_random_lines_read_back() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new(captured.clone()));
    let _subscriber = tracing::subscriber::set_default(subscriber);
    let fields = (text(), text(), text(), float(), any::<i64>(), any::<u64>(), any::<bool>());
    let config = ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((message, outer, own, float, signed, unsigned, truth) in fields)| {
        let span = info_span!("outer", outer, own = outer, "trace_id" = signed).entered();
        let inner = info_span!("inner", inner = float, truth = outer).entered();
        span.record("outer", &own);
        info!(own, debug = ?own, "quoted \" key" = unsigned, signed, truth, "{message}");
        drop((inner, span));

        let lines = captured.lines();
        prop_assert_eq!(lines.len(), 1);
        let fields = &lines[0].fields;
        prop_assert_eq!(&fields["message"], &Value::from(message));
        prop_assert_eq!(&fields["outer"], &Value::from(own.as_str()));
        prop_assert_eq!(&fields["own"], &Value::from(own.as_str()));
        prop_assert_eq!(&fields["debug"], &Value::from(format!("{own:?}")));
        prop_assert_eq!(&fields["trace_id"], &Value::from(signed));
        prop_assert_eq!(&fields["signed"], &Value::from(signed));
        prop_assert_eq!(&fields["quoted \" key"], &Value::from(unsigned));
        prop_assert_eq!(&fields["truth"], &Value::from(truth));
        // By bits, so that -0.0 is not 0.0; what JSON lacks is null.
        let read = fields["inner"].as_f64().map(f64::to_bits);
        prop_assert_eq!(read, float.is_finite().then(|| float.to_bits()));
        prop_assert_eq!(fields.len(), 12);
    });
}
