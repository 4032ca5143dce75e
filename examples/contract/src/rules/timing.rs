//! The time to the head is told, and is no longer than the caller waited for it.

use tower_telemetry_core::names::header::X_RESPONSE_TIME_MS;

use crate::answer::Answer;
use crate::heard::Heard;
use crate::report::{Row, shown};

pub(super) fn rows(heard: &Heard) -> [Row; 2] {
    let [plain, _] = &heard.plain;
    [
        Row::of("server-timing tells the time to the head", head_timing(plain)),
        Row::of("x-response-time-ms tells the same", response_time(plain)),
    ]
}

fn head_timing(answer: &Answer) -> Result<String, String> {
    let told = answer.head_timing().ok_or("no head;dur=")?;
    let millis: f64 = told.parse().map_err(|_| format!("no number: {}", shown(told.as_bytes())))?;
    let waited = answer.took.as_secs_f64() * 1e3;
    if (0.0..=waited).contains(&millis) {
        Ok(format!("{millis} of {waited:.3} ms"))
    } else {
        Err(format!("{millis} ms, but the head was there after {waited:.3}"))
    }
}

fn response_time(answer: &Answer) -> Result<String, String> {
    let [line] = answer.all(&X_RESPONSE_TIME_MS)[..] else { return Err("not one line of it".into()) };
    let text = line.to_str().unwrap_or_default();
    let millis: u64 = text.parse().map_err(|_| format!("no whole number: {}", shown(line.as_bytes())))?;
    if u128::from(millis) > answer.took.as_millis() {
        return Err(format!("{millis} ms, but the head was there after {}", answer.took.as_millis()));
    }
    let whole = answer.head_timing().and_then(|told| told.split('.').next());
    match whole {
        Some(whole) if whole != text => Err(format!("{millis} ms, but server-timing tells {whole}")),
        _ => Ok(format!("{millis} ms")),
    }
}
