//! The name of a sample, made ready for many lines.

use super::{escape, escaping::Naked};

/// A name, as it begins a line.
#[derive(Debug)]
pub(crate) struct SampleName {
    /// Without labels, up to the value.
    bare: String,
    /// Up to the first label.
    open: String,
    /// What comes before the brace.
    naked: String,
}

/// The labels of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LineLabels<'a> {
    /// `name="value",` each.
    Open(&'a str),
    /// With what is around them, ready to follow a naked name: see [`closed`].
    Closed(&'a str),
}

impl SampleName {
    pub(crate) fn new(name: &str) -> Self {
        if Naked::Metric.takes(name) {
            Self { bare: format!("{name} "), open: format!("{name}{{"), naked: name.to_owned() }
        } else {
            // UTF-8 names: what does not stand before the brace is the first thing in it.
            let quoted = quoted(name);
            Self { bare: format!("{{{quoted}}} "), open: format!("{{{quoted},"), naked: String::new() }
        }
    }

    /// Appends name and labels. The value is to follow.
    pub(crate) fn write(&self, labels: LineLabels<'_>, out: &mut String) {
        match labels {
            LineLabels::Closed(labels) => {
                out.push_str(&self.naked);
                out.push_str(labels);
            }
            LineLabels::Open(labels) => match labels.strip_suffix(',') {
                None => out.push_str(&self.bare),
                Some(labels) => self.write_with(labels, "} ", out),
            },
        }
    }

    /// Appends name, open labels and what ends them.
    pub(crate) fn write_with(&self, labels: &str, end: &str, out: &mut String) {
        self.begin(labels, out);
        out.push_str(end);
    }

    /// Appends name and open labels, to be followed by another label.
    pub(crate) fn begin(&self, labels: &str, out: &mut String) {
        out.push_str(&self.open);
        out.push_str(labels);
    }
}

/// Open labels as [`LineLabels::Closed`].
pub(crate) fn closed(labels: &str) -> String {
    labels.strip_suffix(',').map_or_else(|| " ".to_owned(), |labels| format!("{{{labels}}} "))
}

/// The name for a line of metadata, or of a label.
pub(crate) fn spelled(name: &str, naked: Naked) -> String {
    if naked.takes(name) { name.to_owned() } else { quoted(name) }
}

fn quoted(name: &str) -> String {
    let mut quoted = String::from('"');
    escape::quoted(name, &mut quoted);
    quoted.push('"');
    quoted
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, labels: &str, expected: &str) {
        let mut out = String::new();
        SampleName::new(name).write(LineLabels::Open(labels), &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn closed_labels_make_the_same_line() {
        for labels in ["", "a=\"b\",", "a=\"b\",c=\",\","] {
            let [mut one, mut other] = [String::new(), String::new()];
            SampleName::new("up").write(LineLabels::Open(labels), &mut one);
            SampleName::new("up").write(LineLabels::Closed(&closed(labels)), &mut other);
            assert_eq!(one, other);
        }
    }

    #[test]
    fn a_name_stands_before_the_brace_or_in_quotes_within() {
        check("up", "", "up ");
        check("up", "a=\"b\",", "up{a=\"b\"} ");
        check("a.b", "", "{\"a.b\"} ");
        check("a.b", "a=\"b\",", "{\"a.b\",a=\"b\"} ");
        check("a\n\"\\", "", "{\"a\\n\\\"\\\\\"} ");
    }
}
