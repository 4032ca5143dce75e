//! What a client sends, in every place where it can come to stand on a line: it injects nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::error::Error;
use std::fmt;

use http::HeaderValue;
use support::{Line, texts_by, told, told_by};
use tower_telemetry_core::{RequestId, Scope, Work};
use tower_telemetry_log::{LineFormat, SourceLocation};
use tracing::{info, info_span};

/// Attempts to end a line, to forge another, to drive a terminal or a viewer, and to break a parser.
fn attempts() -> Vec<Vec<u8>> {
    let mut attempts: Vec<Vec<u8>> = [
        "a\r\n{\"level\":\"ERROR\",\"message\":\"forged\"}\r\n",
        "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
        "nul\0nul",
        "\",\"trace_id\":\"forged\",\"x\":\"",
        "\\\",\\u0022}",
        "\u{2028}\u{2029}\u{202e}\u{2066}",
        "\u{feff}\u{fffe}",
        "\u{61c}\u{200e}\u{200f}\u{202a}\u{2069}",
        // Halves of characters, as JSON tells them: as text they stay what was sent.
        "\\ud800 \\udfff\\ud83d",
        "${jndi:ldap://x} <script> %0d%0a",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    attempts.push(b"\xff\xfe\x80 \xc3\x28 \xed\xa0\x80 \xf0\x28\x8c\x28".to_vec());
    attempts.push("\u{1b}[0m".repeat(2_048).into_bytes());
    attempts.push(b"x".repeat(8_192));
    attempts.push("\u{e9}\n".repeat(8_192).into_bytes());
    attempts
}

/// An error whose every level tells what a client sent.
#[derive(Debug)]
struct Sent(String, Option<Box<Sent>>);

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Sent {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_ref().map(|source| &**source as _)
    }
}

/// What a terminal or a viewer obeys: controls, separators of lines, and whatever turns the direction of writing.
fn is_obeyed(c: char) -> bool {
    let turns =
        ['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}'];
    let isolates = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
    let ends_a_line = matches!(c, '\u{2028}' | '\u{2029}');
    (c.is_control() && c != '\n') || ends_a_line || turns.contains(&c) || isolates.contains(&c)
}

/// The colours that a line is painted with, and nothing else that begins with an escape.
fn without_colours(line: &str) -> String {
    ["0", "1", "2", "31", "32", "33", "34", "36"]
        .iter()
        .fold(line.to_owned(), |line, code| line.replace(&format!("\u{1b}[{code}m"), ""))
}

/// Reading a line back checks that it is one line, without controls, and one object without a key twice.
fn unharmed(line: &Line) {
    let fixed = ["timestamp", "level", "target", "message"];
    assert_eq!(line.keys[..4], fixed);
    assert_eq!(line.json("level"), "\"INFO\"");
    assert!(!line.text.contains(is_obeyed), "{}", line.text);
    assert!(line.text.len() <= 64 * 1024);
}

#[test]
fn nothing_is_injected_from_messages_fields_errors_or_spans() {
    for attempt in attempts() {
        let text = String::from_utf8_lossy(&attempt).into_owned();
        let error = Sent(text.clone(), Some(Box::new(Sent(text.clone(), None))));
        let lines = told(|| {
            let span = info_span!("span", in_span = text, late = tracing::field::Empty).entered();
            span.record("late", tracing::field::display(&text));
            info!(in_field = text, shown = %text, debugged = ?text, bytes = ?attempt, "{text}");
            info!(error = &error as &(dyn Error + 'static), "said {text}");
        });
        assert_eq!(lines.len(), 2);
        lines.iter().for_each(unharmed);
        let is_short = text.len() < 1_000;
        for key in ["message", "in_field", "shown", "in_span", "late"] {
            // Of long ones not all find room.
            let told = lines[0].fields.get(key).and_then(serde_json::Value::as_str);
            assert!(told.is_some_and(|told| told == text) || !is_short, "{key}: {told:?}");
            assert!(told.is_none_or(|told| text.starts_with(told)), "{key}: {told:?}");
        }
        let chain = lines[1].fields["error"].as_str().unwrap();
        assert!(!is_short || chain == format!("{text}: {text}"));
        assert_eq!(lines[0].fields.contains_key("truncated"), !is_short);
        assert!(
            !lines.iter().any(|line| line.fields.contains_key("trace_id") || line.fields.contains_key("x"))
        );
    }
}

#[test]
fn a_hostile_request_id_is_none_and_a_hostile_name_is_escaped() {
    for attempt in attempts() {
        let text = String::from_utf8_lossy(&attempt).into_owned();
        let is_harmless = text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        assert!(!is_harmless && RequestId::new(&text).is_none());
        assert!(
            HeaderValue::from_bytes(&attempt).ok().and_then(|value| RequestId::from_header(&value)).is_none()
        );
        let work = Work::new().with_request_id(RequestId::new(&text));
        let lines = told_by(
            |layer| layer.with_service_name(&text).with_source_location(SourceLocation::Included),
            || {
                let _work = Scope::of_work(work).attach();
                info!(request_id = "own", "told");
            },
        );
        unharmed(&lines[0]);
        assert_eq!(lines[0].json("request_id"), "\"own\"", "no id of the work, so the field is free");
        assert!(text.starts_with(lines[0].fields["service.name"].as_str().unwrap()));
    }
}

#[test]
fn nothing_drives_a_terminal() {
    for (format, attempt) in [LineFormat::Pretty, LineFormat::Coloured]
        .into_iter()
        .flat_map(|format| attempts().into_iter().map(move |attempt| (format, attempt)))
    {
        let text = String::from_utf8_lossy(&attempt).into_owned();
        let error = Sent(text.clone(), Some(Box::new(Sent(text.clone(), None))));
        let lines = texts_by(
            |layer| layer.with_format(format).with_source_location(SourceLocation::Included),
            || {
                let _span = info_span!("span", in_span = text).entered();
                info!(in_field = text, shown = %text, debugged = ?text, bytes = ?attempt, "{text}");
                info!(error = &error as &(dyn Error + 'static), "said {text}");
            },
        );
        assert_eq!(lines.len(), 2);
        for line in lines {
            let shown = if format == LineFormat::Coloured { without_colours(&line) } else { line };
            assert!(!shown.contains(is_obeyed), "{shown:?}");
            assert_eq!(shown.find('\n'), Some(shown.len() - 1), "one line, and its end");
        }
    }
}
