//! How large a record may be.

use crate::error::InitError;
use crate::otlp::number;
use crate::settings::Environment;

/// As of a value on a log line.
const LONGEST: usize = 8 * 1024;
const MOST: usize = 128;

/// What does not fit is cut, or left out and counted in the record.
///
/// <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#logrecord-limits>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Bytes of a text.
    pub(super) longest: usize,
    /// Attributes.
    pub(super) most: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { longest: LONGEST, most: MOST }
    }
}

impl Limits {
    pub(super) fn of(environment: Environment) -> Result<Self, InitError> {
        let own_or_all = |own, all| match number(environment, own)? {
            Some(limit) => Ok(Some(limit)),
            None => number(environment, all),
        };
        let longest =
            own_or_all("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")?;
        let most = own_or_all("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")?;
        Ok(Self { longest: longest.unwrap_or(LONGEST), most: most.unwrap_or(MOST) })
    }

    /// Cuts a text between characters.
    pub(super) fn cut(self, text: &mut String) {
        if text.len() > self.longest {
            // A character has at most four bytes, and the beginning is a boundary.
            let end = (0..=self.longest).rev().find(|end| text.is_char_boundary(*end));
            text.truncate(end.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        let mut text = "aä🦀".to_owned();
        Limits { longest: 4, most: 1 }.cut(&mut text);
        assert_eq!(text, "aä");
        Limits { longest: 2, most: 1 }.cut(&mut text);
        assert_eq!(text, "a");
    }

    #[test]
    fn the_limit_of_log_records_wins_over_that_of_all() {
        let limits = Limits::of(Environment::of(|name| match name {
            "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT" => Some("3".into()),
            "OTEL_ATTRIBUTE_COUNT_LIMIT" => Some("4".into()),
            "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT" => Some("5".into()),
            _ => None,
        }));
        assert_eq!(limits.ok(), Some(Limits { longest: 5, most: 3 }));
    }
}
