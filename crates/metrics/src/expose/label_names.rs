//! The label names of one family, each translated once.

use super::{escape, name};
use crate::store::Label;

/// Writes label sets. A family has few names and many series: a name is translated when it is first met.
#[derive(Debug, Default)]
pub(crate) struct LabelNames<'a> {
    translated: Vec<(&'a str, String)>,
    alike: Alike,
}

/// Whether two names of the family are written the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Alike {
    #[default]
    None,
    Some,
}

impl<'a> LabelNames<'a> {
    /// Appends `name="value",` for each label.
    pub(crate) fn write(&mut self, labels: &'a [Label], out: &mut String) {
        for label in labels {
            self.learn(label.name());
        }
        match self.alike {
            Alike::None => labels.iter().for_each(|label| self.write_one(label, out)),
            Alike::Some => self.write_joined(labels, out),
        }
    }

    fn write_one(&self, label: &Label, out: &mut String) {
        self.open(label.name(), out);
        label.value().with_str(|value| escape::label_value(value, out));
        out.push_str("\",");
    }

    /// OpenTelemetry compatibility specification: values whose names collide are joined by `;`, in the order of
    /// their original names, in which collected labels come and which a stable sort keeps. A registered family
    /// has no such names. A name given twice would cost the whole scrape.
    fn write_joined(&self, labels: &[Label], out: &mut String) {
        let mut sorted: Vec<&Label> = labels.iter().collect();
        sorted.sort_by_key(|label| self.written(label.name()));
        for group in sorted.chunk_by(|one, other| self.written(one.name()) == self.written(other.name())) {
            for (index, label) in group.iter().enumerate() {
                if index == 0 {
                    self.open(label.name(), out);
                } else {
                    out.push(';');
                }
                label.value().with_str(|value| escape::label_value(value, out));
            }
            out.push_str("\",");
        }
    }

    fn open(&self, name: &str, out: &mut String) {
        out.push_str(self.written(name));
        out.push_str("=\"");
    }

    fn learn(&mut self, name: &'a str) {
        if self.find(name).is_none() {
            let written = name::label(name);
            if self.translated.iter().any(|(_, earlier)| *earlier == written) {
                self.alike = Alike::Some;
            }
            self.translated.push((name, written));
        }
    }

    fn written(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<&str> {
        // The names of a family are the same literals for every series: most comparisons end at the address.
        let known = self.translated.iter().find(|(known, _)| std::ptr::eq(*known, name));
        let known = known.or_else(|| self.translated.iter().find(|(known, _)| *known == name));
        known.map(|(_, written)| written.as_str())
    }
}
