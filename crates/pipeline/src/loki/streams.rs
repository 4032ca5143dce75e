//! What is the same for all lines: the labels of their streams, and the metadata of the process.

use tower_telemetry_core::names::loki as name;

use super::level::NAMES;
use super::wire;

/// The streams of this process: one, or one for each level.
#[derive(Debug)]
pub(crate) struct Streams {
    labels: Vec<String>,
    metadata: Vec<u8>,
}

/// Whether the level is a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Levels {
    /// It stands on the line alone.
    #[default]
    OnTheLine,
    /// Each level is a stream of its own.
    Apart,
}

impl Streams {
    /// Streams of these labels, whose lines have this metadata.
    pub(crate) fn new(labels: &[(String, String)], levels: Levels, metadata: &[(&str, String)]) -> Self {
        let labels = match levels {
            Levels::OnTheLine => vec![selector(labels, None)],
            Levels::Apart => NAMES.iter().map(|level| selector(labels, Some(level))).collect(),
        };
        let mut encoded = Vec::new();
        for (name, value) in metadata {
            wire::metadata(&mut encoded, name, value.as_bytes());
        }
        Self { labels, metadata: encoded }
    }

    pub(crate) fn count(&self) -> usize {
        self.labels.len()
    }

    /// The labels of each stream, as a selector.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// The stream of lines of this weight.
    pub(crate) fn of(&self, weight: usize) -> usize {
        if self.labels.len() == 1 { 0 } else { weight }
    }

    /// What stands beside every line, encoded.
    pub(crate) fn metadata(&self) -> &[u8] {
        &self.metadata
    }
}

/// `{a="b", c="d"}`, the names in order, as Loki writes it itself.
fn selector(labels: &[(String, String)], level: Option<&str>) -> String {
    let level = level.map(|level| (name::LEVEL, level));
    let mut all: Vec<_> =
        labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(level).collect();
    all.sort_unstable();
    let pairs: Vec<_> = all.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// The inside of a string as Go quotes it.
fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            c if c.is_control() => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_a_selector() {
        let labels = [("service_name", "sh\"op\\\n\u{1}"), ("cluster", "é")];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let streams = Streams::new(&labels, Levels::OnTheLine, &[]);
        let expected = r#"{cluster="é", service_name="sh\"op\\\n\u0001"}"#;
        assert_eq!(streams.labels().collect::<Vec<_>>(), [expected]);
        assert_eq!((streams.of(0), streams.of(4)), (0, 0));
    }

    #[test]
    fn a_level_may_be_a_stream() {
        let streams = Streams::new(&[("job".into(), "a".into())], Levels::Apart, &[]);
        assert_eq!(streams.labels().nth(streams.of(4)), Some(r#"{job="a", level="ERROR"}"#));
        assert_eq!(streams.count(), 5);
    }
}
