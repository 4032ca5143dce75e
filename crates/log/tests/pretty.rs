//! The line for people: what stands on it, and that nothing in it drives a terminal.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{Request, Response, StatusCode, request};
use http_body_util::Full;
use support::texts_by;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, RequestId, Route, Scope, Signal, SignalExt, TraceIds, Work};
use tower_telemetry_log::{LineFormat, LogContext, SourceLocation};
use tracing::{error, info, info_span, warn};

/// What is written for the events of `work`; each line begins with the time of day, which is cut off.
fn told(format: LineFormat, work: impl FnOnce()) -> Vec<String> {
    let texts = texts_by(|layer| layer.with_format(format).with_service_name("shop"), work);
    texts.into_iter().map(|text| text.strip_suffix('\n').unwrap().to_owned()).collect()
}

fn one(work: impl FnOnce()) -> String {
    let [line] = &told(LineFormat::Pretty, work)[..] else { panic!("one line") };
    let (time, rest) = line.split_at(12);
    assert_eq!(time.replace(|c: char| c.is_ascii_digit(), "0"), "00:00:00.000");
    rest.to_owned()
}

#[test]
fn a_line_has_level_target_message_fields_and_the_ends_of_ids() {
    let ids = TraceIds::parse(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
    let work = Work::new().with_trace(ids).with_request_id(RequestId::new("01890a5d-b302099a8057"));
    let line = one(|| {
        let _attached = Scope::of_work(work).attach();
        let _span = info_span!("span", tenant = "acme").entered();
        warn!(target: "shop::orders", order = 7, note = "two words", empty = "", "only \"{}\" left", 3);
    });
    assert_eq!(
        line,
        "  WARN shop::orders: only \"3\" left tenant=acme order=7 note=\"two words\" empty=\"\" \
         trace=0af76519 span=b7ad6b71 request=099a8057"
    );
}

#[test]
fn nothing_in_a_line_ends_it_or_drives_a_terminal() {
    let hostile = "\u{1b}[2J\r\nFAKE\0\u{9b}31m \u{202e} \"\\";
    let long = "\u{1b}]0;x\u{7}".repeat(2_000);
    let lines = told(LineFormat::Pretty, || {
        let _span = info_span!("span", hostile, long).entered();
        info!(other = hostile, debug = ?hostile, "{hostile}{long}");
        info!("said: {hostile}");
    });
    for line in &lines {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
    let shown = r#"\u001b[2J\r\nFAKE\u0000\u009b31m \u202e"#;
    assert!(lines[1].contains(&format!(r#"said: {shown} "\ "#)), "{}", lines[1]);
    assert!(lines[0].ends_with(" (truncated)") && lines[0].contains(&format!(r#"hostile="{shown}"#)));
}

#[test]
fn colours_are_the_only_escapes() {
    let lines = told(LineFormat::Coloured, || error!(order = 7, "\u{1b}[31mred"));
    let mut plain = lines[0].clone();
    for code in ["0", "1", "2", "31", "36"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert!(lines[0].contains("\u{1b}[31mERROR\u{1b}[0m") && !plain.contains('\u{1b}'));
    assert!(plain.ends_with(r"ERROR pretty: \u001b[31mred order=7"), "{plain}");
}

#[test]
fn a_target_with_controls_is_escaped_and_a_place_is_told_on_request() {
    assert_eq!(one(|| info!(target: "a\nb", "told")), "  INFO a\\nb: told");
    let texts = texts_by(
        |layer| layer.with_format(LineFormat::Pretty).with_source_location(SourceLocation::Included),
        || info!("told"),
    );
    assert!(
        texts[0].contains("told at crates/log/tests/pretty.rs:")
            || texts[0].contains("told at tests/pretty.rs:"),
        "{texts:?}"
    );
}

/// The access line of an exchange that is answered so.
fn access(status: u16, body: &'static str) -> String {
    #[derive(Clone)]
    struct Ids;
    impl Signal for Ids {
        type Observer = ();
        fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
            exchange.set_trace(TraceIds::random(TraceFlags::NONE));
            exchange.set_route(Route::template("/orders/{id}"));
            exchange.set("cart.items", 3_i64);
        }
    }
    let service = (Ids, LogContext::new()).server().layer(service_fn(move |_: Request<()>| async move {
        let mut response = Response::new(Full::new(body.as_bytes()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok::<_, Infallible>(response)
    }));
    one(move || {
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(response)) = pin!(service.oneshot(Request::new(()))).poll(&mut context) else {
            panic!("nothing waits")
        };
        let mut body = response.into_body();
        while let Poll::Ready(Some(frame)) = http_body::Body::poll_frame(pin!(&mut body), &mut context) {
            assert!(frame.is_ok());
        }
    })
}

#[test]
fn an_access_line_reads_like_that_of_a_web_server() {
    let line = access(200, "hello");
    let (head, rest) = line.split_at("  INFO server GET /orders/{id} 200 ".len());
    assert_eq!(head, "  INFO server GET /orders/{id} 200 ");
    let (duration, rest) = rest.split_once(" ms").unwrap();
    assert!(duration.parse::<f64>().is_ok() && duration.len() < 12, "{line}");
    assert!(rest.starts_with(" 5 B cart.items=3 trace="), "{line}");
    let line = access(503, "");
    assert!(line.starts_with(" ERROR server GET /orders/{id} 503 "), "{line}");
    assert!(line.contains(" ms 0 B service_fault cart.items=3 trace="), "{line}");
}
