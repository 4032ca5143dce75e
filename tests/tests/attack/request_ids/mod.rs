//! Request ids that mean harm: from callers and from callees, over HTTP and gRPC.
//!
//! Whatever is sent, an answer carries one id, which is well formed, and nothing of what was sent stands anywhere but in
//! `client_request_id`, made harmless.

mod callee;
mod grpc;
mod http;
mod raw;

use tower_telemetry_tests::{Rig, attribute};

/// What a header can hold as far as the types know it, and no request id may.
fn unfit() -> Vec<Vec<u8>> {
    let mut unfit: Vec<Vec<u8>> = [
        &b"evil\"quote"[..],
        b"evil space",
        b"evil\ttab",
        b"evil;semi,comma",
        b"evil\\n{}[]<>",
        b"%0d%0aevil: evil",
        "evil\u{e9}\u{202e}\u{2028}".as_bytes(),
        b"evil\xff\xfe\x80",
        b"evil\xc3\x28",
    ]
    .map(<[u8]>::to_vec)
    .into();
    unfit.push([&b"evil"[..], &[b'x'; 8 * 1024]].concat());
    unfit.push([&b"evil"[..], &[0xff; 8 * 1024]].concat());
    unfit
}

/// What no header can hold: only a socket takes it.
const UNSPEAKABLE: [&[u8]; 7] = [
    b"evil\x1b[31m\x1b]0;evil\x07",
    b"evil\0evil",
    b"evil\x7f",
    b"evil\x08\x08\x08",
    b"evil\rset-cookie: evil=1",
    b"evil\n\tevil",
    b"evil\r\n evil",
];

fn is_fit(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Nothing of what was sent stands in a line, a span or a page but in its place, and there it is harmless.
#[track_caller]
fn assert_unharmed(rig: &Rig) {
    assert!(rig.log().chars().all(|c| c == '\n' || !c.is_control()), "{:?}", rig.log());
    for mut line in rig.lines() {
        if let Some(kept) = line.take("client_request_id") {
            assert!(kept.as_str().is_some_and(is_fit), "{kept}");
        }
        assert!(!format!("{line:?}").contains("evil"), "{line:?}");
    }
    for span in rig.spans() {
        assert!(attribute(&span, "client_request_id").is_none_or(|kept| is_fit(&kept)), "{span:?}");
        let others = span.attributes.iter().filter(|attribute| attribute.key.as_str() != "client_request_id");
        assert!(others.clone().all(|attribute| !attribute.value.as_str().contains("evil")), "{span:?}");
        assert!(!span.name.contains("evil"), "{span:?}");
    }
    rig.assert_no_label_has(&["evil", "xxxx"]);
}

/// The id that one side of an exchange was told, if its line, its span and the answer agree on it.
#[track_caller]
fn assert_one_id(rig: &Rig, answered: &[&str]) {
    let [given] = answered else { panic!("one id is told, not {answered:?}") };
    assert!(is_fit(given) && !given.contains("evil"), "{given}");
    assert_eq!(rig.line_of("server").ids()[2], Some(*given));
    let span = rig.span_of(&opentelemetry::trace::SpanKind::Server);
    assert_eq!(attribute(&span, "tower_telemetry.request_id").as_deref(), Some(*given));
}
