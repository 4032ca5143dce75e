//! Lines that are samples.

use super::cursor::{Cursor, First, Naked};
use super::error::Result;
use super::family::{Exemplar, Labels, Sample};
use super::number;

/// The labels of an exemplar come to no more code points than this.
const EXEMPLAR_MAX: usize = 128;

/// Reads `name{labels} value timestamp # {labels} value timestamp`, where all but name and value may be missing.
pub(crate) fn parse(line: &str) -> Result<Sample> {
    let mut cursor = Cursor::new(line);
    let (name, labels) = if cursor.eat("{") {
        let (name, labels) = cursor.labels(First::Name)?;
        (name.unwrap_or_default(), labels)
    } else {
        let name = cursor.name(Naked::Metric)?;
        let labels = if cursor.eat("{") { cursor.labels(First::Label)?.1 } else { Labels::new() };
        (name, labels)
    };
    let value = value(&mut cursor)?;
    let timestamp = match cursor.rest().starts_with(" # ") {
        true => None,
        false => timestamp(&mut cursor)?,
    };
    let exemplar = if cursor.eat(" # ") { Some(exemplar(&mut cursor)?) } else { None };
    if !cursor.is_at_end() {
        return Err("a sample goes on after its end");
    }
    Ok(Sample { name, labels, value, timestamp, exemplar })
}

fn exemplar(cursor: &mut Cursor<'_>) -> Result<Exemplar> {
    if !cursor.eat("{") {
        return Err("an exemplar has no labels");
    }
    let (_, labels) = cursor.labels(First::Label)?;
    let length: usize = labels.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum();
    if length > EXEMPLAR_MAX {
        return Err("the labels of an exemplar are longer than 128 code points");
    }
    Ok(Exemplar { labels, value: value(cursor)?, timestamp: timestamp(cursor)? })
}

fn value(cursor: &mut Cursor<'_>) -> Result<f64> {
    if !cursor.eat(" ") {
        return Err("a value is expected here");
    }
    number::value(cursor.word()).ok_or("a value is no number")
}

fn timestamp(cursor: &mut Cursor<'_>) -> Result<Option<f64>> {
    if !cursor.eat(" ") {
        return Ok(None);
    }
    number::real(cursor.word()).map(Some).ok_or("a timestamp is no number of seconds")
}
