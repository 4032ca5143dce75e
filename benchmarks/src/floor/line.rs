//! One JSON line: constant text, with the few values that differ.

use std::{
    cell::RefCell,
    hint::black_box,
    io::{Write, sink},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::ids::{Ids, hex};

thread_local! {
    static LINE: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(1024));
    /// The second that was told last, as text: a date is worked out once a second.
    static SECOND: RefCell<(u64, Vec<u8>)> = const { RefCell::new((0, Vec::new())) };
}

/// Writes the line of this request to nowhere.
pub(crate) fn write(ids: &Ids, status: u16, after: Duration) {
    LINE.with_borrow_mut(|line| {
        line.clear();
        line.extend_from_slice(b"{\"timestamp\":\"");
        timestamp(line);
        line.extend_from_slice(b"\",\"level\":\"INFO\",\"message\":\"request completed\",\"method\":\"GET\"");
        line.extend_from_slice(b",\"route\":\"/users/{id}\",\"status\":");
        line.extend_from_slice(itoa::Buffer::new().format(status).as_bytes());
        line.extend_from_slice(b",\"duration_us\":");
        line.extend_from_slice(itoa::Buffer::new().format(after.as_micros() as u64).as_bytes());
        let mut digits = [0; 32];
        line.extend_from_slice(b",\"trace_id\":\"");
        hex(ids.trace.to_be_bytes(), &mut digits);
        line.extend_from_slice(&digits);
        line.extend_from_slice(b"\",\"span_id\":\"");
        hex(ids.span.to_be_bytes(), &mut digits);
        line.extend_from_slice(&digits[..16]);
        line.extend_from_slice(b"\",\"request_id\":\"");
        hex(ids.request.to_be_bytes(), &mut digits);
        line.extend_from_slice(&digits);
        line.extend_from_slice(b"\"}\n");
        let _ = sink().write_all(black_box(line));
    });
}

/// RFC 3339 with microseconds.
fn timestamp(line: &mut Vec<u8>) {
    #[allow(clippy::disallowed_methods, reason = "here a timestamp is written")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    SECOND.with_borrow_mut(|(second, text)| {
        if *second != now.as_secs() {
            *second = now.as_secs();
            text.clear();
            date(text, now.as_secs());
        }
        line.extend_from_slice(text);
    });
    let (mut digits, mut rest) = (*b"000000Z", now.subsec_micros());
    for digit in digits.iter_mut().rev().skip(1) {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    line.extend_from_slice(&digits);
}

/// Days into years by the calendar of a March that begins the year.
fn date(text: &mut Vec<u8>, seconds: u64) {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let _ = write!(text, "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_that_of_the_calendar() {
        let mut text = Vec::new();
        date(&mut text, 1_709_210_096);
        assert_eq!(text, b"2024-02-29T12:34:56.");
    }
}
