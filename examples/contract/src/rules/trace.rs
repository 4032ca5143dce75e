//! A caller that is trusted is told its trace; a stranger nothing of it.

use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::{TRACERESPONSE, X_TRACE_ID};
use tower_telemetry_core::trace_ids::TraceId;

use crate::answer::Answer;
use crate::heard::Heard;
use crate::report::{Caller, Row, Verdict, shown};

const TRACED: &str = "server-timing tells the trace of the caller";
const FORGED: &str = "a traceparent that is malformed is not taken";
const TITLED: &str = "x-trace-id names a new trace";
const DISAGREEING: &str = "an x-trace-id that disagrees loses";

pub(super) fn rows(heard: &Heard, caller: Caller) -> Vec<Row> {
    let mut rows = match caller {
        Caller::Trusted => vec![
            Row::of(TRACED, traced(&heard.traced.0, &heard.traced.1)),
            Row::of(FORGED, forged(heard.forged.0, &heard.forged.1)),
            Row::of(TITLED, is_in(heard.titled.0, &heard.titled.1)),
            Row::of(DISAGREEING, is_in(heard.disagreeing.0.trace_id, &heard.disagreeing.1)),
        ],
        Caller::Stranger => vec![Row::of("a stranger is told nothing of a trace", untold(heard))],
    };
    rows.push(beside("x-trace-id says the same", &heard.traced.1, |answer| {
        let [line] = answer.all(&X_TRACE_ID)[..] else { return None };
        Some(TraceId::from_hex(line.as_bytes()).ok_or_else(|| shown(line.as_bytes())))
    }));
    rows.push(beside("traceresponse says the same", &heard.traced.1, |answer| {
        let [line] = answer.all(&TRACERESPONSE)[..] else { return None };
        Some(TraceIds::parse(line.as_bytes()).map(|ids| ids.trace_id).map_err(|_| shown(line.as_bytes())))
    }));
    rows
}

/// The span is the server's own, in the caller's trace, with the random flag as it came.
fn traced(sent: &TraceIds, answer: &Answer) -> Result<String, String> {
    let told = told(answer)?;
    if told.trace_id != sent.trace_id {
        Err(format!("another trace: {told}"))
    } else if told.span_id == sent.span_id {
        Err(format!("the span of the caller: {told}"))
    } else if told.flags.is_random() != sent.flags.is_random() {
        Err(format!("another random flag: {told}"))
    } else {
        Ok(told.to_string())
    }
}

fn forged(sent: TraceId, answer: &Answer) -> Result<String, String> {
    let told = told(answer)?;
    if told.trace_id == sent {
        Err(format!("taken: {told}"))
    } else {
        Ok(format!("a new trace: {}", told.trace_id))
    }
}

fn is_in(expected: TraceId, answer: &Answer) -> Result<String, String> {
    let told = told(answer)?;
    if told.trace_id == expected { Ok(expected.to_string()) } else { Err(format!("another trace: {told}")) }
}

fn told(answer: &Answer) -> Result<TraceIds, String> {
    let text = answer.trace_timing().ok_or("no trace;desc=")?;
    answer.trace().ok_or_else(|| format!("malformed: {}", shown(text.as_bytes())))
}

/// Neither the caller's trace nor one of the service's own.
fn untold(heard: &Heard) -> Result<String, String> {
    let (sent, answer) = &heard.traced;
    let sent = sent.trace_id.to_string();
    let leak =
        answer.headers.iter().find(|(_, value)| value.to_str().is_ok_and(|value| value.contains(&sent)));
    if let Some((name, _)) = leak {
        return Err(format!("{name} tells it"));
    }
    match answer.trace_timing() {
        Some(told) => Err(format!("server-timing tells {}", shown(told.as_bytes()))),
        None => Ok("nothing".into()),
    }
}

/// What another header says, where there is one: the trace that `server-timing` tells, where it does.
fn beside(
    rule: &'static str,
    answer: &Answer,
    read: impl FnOnce(&Answer) -> Option<Result<TraceId, String>>,
) -> Row {
    match read(answer) {
        None => Row { rule, verdict: Verdict::Silent, found: "not told".into() },
        Some(Err(malformed)) => Row::broken(rule, format!("malformed: {malformed}")),
        Some(Ok(id)) => match answer.trace() {
            Some(told) if told.trace_id != id => Row::broken(rule, format!("{id}, not {}", told.trace_id)),
            _ => Row::kept(rule, id.to_string()),
        },
    }
}
