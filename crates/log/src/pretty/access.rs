//! An access line for people: `server GET /users/{id} 200 1.2 ms 512 B`.

use tower_telemetry_core::names::{attribute, field};

use crate::fragment::Fragment;
use crate::pretty::ink::{self, Ink};
use crate::pretty::{bare, text};

/// What an access line tells in its own words, and therefore not once more as a field.
const TOLD: [&str; 15] = [
    attribute::SIDE,
    attribute::PROTOCOL,
    attribute::HTTP_REQUEST_METHOD,
    attribute::HTTP_ROUTE,
    attribute::URL_TEMPLATE,
    attribute::HTTP_RESPONSE_STATUS_CODE,
    attribute::RPC_METHOD,
    attribute::RPC_STATUS_CODE,
    attribute::ENDING,
    attribute::VERDICT,
    field::MESSAGE,
    field::DURATION_MS,
    field::HEAD_MS,
    field::RESPONSE_BODY_SIZE,
    attribute::ERROR_TYPE,
];

pub(super) fn tells(key: &str) -> bool {
    TOLD.contains(&key)
}

pub(super) fn write(line: &mut Vec<u8>, ink: Ink, event: &Fragment) {
    let value = |key| event.value(key).map(|(encoded, _)| bare(encoded));
    let word = |line: &mut Vec<u8>, word: Option<&[u8]>| {
        if let Some(word) = word {
            line.push(b' ');
            line.extend_from_slice(word);
        }
    };
    line.extend_from_slice(value(attribute::SIDE).unwrap_or_default());
    word(line, value(attribute::HTTP_REQUEST_METHOD));
    ink.paint(line, ink::BOLD, |line| {
        let place = [attribute::HTTP_ROUTE, attribute::URL_TEMPLATE, attribute::RPC_METHOD];
        word(line, Some(place.into_iter().find_map(value).unwrap_or(b"-")));
    });
    let status = value(attribute::HTTP_RESPONSE_STATUS_CODE).or(value(attribute::RPC_STATUS_CODE));
    let verdict = value(attribute::VERDICT).unwrap_or_default();
    let colour = match verdict {
        b"ok" => ink::GREEN,
        b"service_fault" => ink::RED,
        _ => ink::YELLOW,
    };
    ink.paint(line, colour, |line| word(line, Some(status.unwrap_or(b"-"))));
    if let Some(duration) = value(field::DURATION_MS) {
        line.push(b' ');
        line.extend_from_slice(to_the_microsecond(duration));
        line.extend_from_slice(b" ms");
    }
    if let Some(size) = value(field::RESPONSE_BODY_SIZE) {
        word(line, Some(size));
        line.extend_from_slice(b" B");
    }
    ink.paint(line, colour, |line| {
        word(line, Some(verdict).filter(|verdict| *verdict != b"ok"));
        word(line, value(attribute::ENDING).filter(|ending| *ending != b"complete"));
    });
    // Of two equal words one is enough: an error's type may be its status.
    if let Some((error, _)) =
        event.value(attribute::ERROR_TYPE).filter(|(error, _)| Some(bare(error)) != status)
    {
        line.push(b' ');
        text(line, error);
    }
}

/// A decimal number of milliseconds without the digits behind the third.
fn to_the_microsecond(number: &[u8]) -> &[u8] {
    let point = number.iter().position(|byte| *byte == b'.').unwrap_or(number.len());
    number.get(..(point + 4).min(number.len())).unwrap_or(number)
}
