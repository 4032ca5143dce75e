//! `baggage`: what is taken is within the limits, reads back, and is no more than came.

use tower_telemetry_core::Baggage;
use tower_telemetry_core::baggage::{decode, encode};
use tower_telemetry_core::names::header::BAGGAGE;

use super::input;

pub(crate) fn run(data: &[u8]) {
    let headers = input::headers(&BAGGAGE, data);
    let (baggage, refused) = Baggage::from_headers(&headers);
    let came =
        headers.get_all(BAGGAGE).iter().map(|line| line.as_bytes().split(|byte| *byte == b',').count()).sum();
    let taken = baggage.iter().count();
    assert!(taken <= 64 && taken + refused <= came, "{taken} and {refused} of {came}");
    assert_eq!(taken == 0, baggage.is_empty());
    for member in baggage.iter() {
        assert!(!member.key().is_empty());
        assert_eq!(decode(encode(&member.value()).as_bytes()), member.value());
        assert!(baggage.get(member.key()).is_some());
    }
    match baggage.to_header_value() {
        None => assert!(baggage.is_empty()),
        Some(sent) => {
            assert!(sent.len() <= 8192);
            assert_eq!(Baggage::parse(sent.as_bytes()), (baggage.clone(), 0));
        }
    }

    let text = String::from_utf8_lossy(data);
    assert_eq!(decode(encode(&text).as_bytes()), text);
    if let Ok(with) = baggage.with("fuzz", &text) {
        assert_eq!(with.get("fuzz").as_deref(), Some(&*text));
        assert!(with.to_header_value().is_some_and(|sent| sent.len() <= 8192));
    }
    // Properties are the caller's own text: what is no property is refused, and nothing else comes of it.
    if let Ok(with) = baggage.with_metadata("fuzz", "", &text) {
        assert!(with.iter().count() <= taken + 1);
    }
}
