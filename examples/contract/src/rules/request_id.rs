//! Every answer has one well-formed id, which is the caller's only if it may be.

use http::{HeaderValue, StatusCode};
use tower_telemetry_core::RequestId;

use crate::answer::Answer;
use crate::heard::Heard;
use crate::report::{Caller, Row, shown};

/// Whether the service takes an id that is well formed.
pub(super) fn caller(heard: &Heard) -> Caller {
    let (sent, answer) = &heard.named;
    match id(heard, answer) {
        Ok(told) if told == *sent => Caller::Trusted,
        _ => Caller::Stranger,
    }
}

pub(super) fn rows(heard: &Heard, caller: Caller) -> Vec<Row> {
    let [plain, again] = &heard.plain;
    let mut rows = vec![
        Row::of("a request has an id", id(heard, plain).map(|id| id.to_string())),
        Row::of("another request has another", differ(id(heard, plain), id(heard, again))),
        Row::of("an id that is sent is taken, or replaced", named(heard, caller)),
        Row::of("an error has an id", nowhere(heard)),
    ];
    if let Some(head) = &heard.head {
        rows.push(Row::of("an answer to HEAD has an id", id(heard, head).map(|id| id.to_string())));
    }
    rows.push(Row::of(
        "of two ids none is taken",
        refused(heard, &heard.named.0.header_value(), &heard.twice),
    ));
    rows.push(Row::of("an id that is malformed is replaced", hostile(heard)));
    rows
}

/// The one id of an answer.
fn id(heard: &Heard, answer: &Answer) -> Result<RequestId, String> {
    match answer.all(&heard.id_header)[..] {
        [] => Err(format!("no {}", heard.id_header)),
        [line] => {
            RequestId::from_header(line).ok_or_else(|| format!("malformed: {}", shown(line.as_bytes())))
        }
        ref lines => Err(format!("{} lines", lines.len())),
    }
}

fn differ(one: Result<RequestId, String>, other: Result<RequestId, String>) -> Result<String, String> {
    let (one, other) = (one?, other?);
    if one == other { Err(format!("both have {one}")) } else { Ok(other.to_string()) }
}

fn named(heard: &Heard, caller: Caller) -> Result<String, String> {
    id(heard, &heard.named.1).map(|id| match caller {
        Caller::Trusted => format!("taken: {id}"),
        Caller::Stranger => format!("replaced by {id}"),
    })
}

fn nowhere(heard: &Heard) -> Result<String, String> {
    id(heard, &heard.nowhere).map(|id| format!("{}: {id}", heard.nowhere.status.as_u16()))
}

fn hostile(heard: &Heard) -> Result<String, String> {
    for (fault, sent, answer) in &heard.hostile {
        refused(heard, sent, answer).map_err(|found| format!("{fault}: {found}"))?;
    }
    Ok(format!("{} kinds of them", heard.hostile.len()))
}

/// Whether what was sent was replaced by another id, or refused by the server with the whole request.
fn refused(heard: &Heard, sent: &HeaderValue, answer: &Answer) -> Result<String, String> {
    if answer.headers.values().any(|value| value == sent) {
        return Err(format!("echoed: {}", shown(sent.as_bytes())));
    }
    let has_refused_all = matches!(
        answer.status,
        StatusCode::BAD_REQUEST | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE | StatusCode::PAYLOAD_TOO_LARGE
    );
    match id(heard, answer) {
        Ok(id) => Ok(format!("replaced by {id}")),
        Err(_) if has_refused_all => Ok(format!("refused with {}", answer.status.as_u16())),
        Err(found) => Err(found),
    }
}
