//! The label names of one family, each translated once.

use std::borrow::Cow;

use super::escape;
use crate::store::Label;

/// Tells label sets. A family has few names and many series: a name is translated when it is first met.
#[derive(Debug)]
pub(crate) struct LabelNames<F> {
    translate: F,
    translated: Vec<(Cow<'static, str>, String)>,
    alike: Alike,
}

/// Whether two names of the family are written the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alike {
    None,
    Some,
}

impl<F> LabelNames<F>
where
    F: Fn(&str) -> String,
{
    pub(crate) fn new(translate: F) -> Self {
        Self { translate, translated: Vec::new(), alike: Alike::None }
    }

    /// Appends `name="value",` for each label, where a name is translated as `name="`.
    pub(crate) fn write(&mut self, labels: &[Label], out: &mut String) {
        self.each(labels, |name, labels| {
            out.push_str(name);
            joined(labels, |value| escape::quoted(value, out));
            out.push_str("\",");
        });
    }

    /// Tells each name with the labels that are written so: one, unless names collide.
    pub(crate) fn each(&mut self, labels: &[Label], mut tell: impl FnMut(&str, &[&Label])) {
        for label in labels {
            self.learn(label);
        }
        match self.alike {
            Alike::None => labels.iter().for_each(|label| tell(self.written(label.name()), &[label])),
            Alike::Some => self.each_joined(labels, tell),
        }
    }

    /// OpenTelemetry compatibility specification: values whose names collide are joined by `;`, in the order of
    /// their original names, in which collected labels come and which a stable sort keeps. A registered family
    /// has no such names. A name given twice would cost the whole scrape.
    fn each_joined(&self, labels: &[Label], mut tell: impl FnMut(&str, &[&Label])) {
        let mut sorted: Vec<&Label> = labels.iter().collect();
        sorted.sort_by_key(|label| self.written(label.name()));
        for group in sorted.chunk_by(|one, other| self.written(one.name()) == self.written(other.name())) {
            if let Some(first) = group.first() {
                tell(self.written(first.name()), group);
            }
        }
    }

    fn learn(&mut self, label: &Label) {
        let name = &label.name;
        if self.find(name).is_none() {
            let written = (self.translate)(name);
            if self.translated.iter().any(|(_, earlier)| *earlier == written) {
                self.alike = Alike::Some;
            }
            self.translated.push((name.clone(), written));
        }
    }

    fn written(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<&str> {
        // The names of a family are the same literals for every series: most comparisons end at the address.
        let known = self.translated.iter().find(|(known, _)| std::ptr::eq(&**known, name));
        let known = known.or_else(|| self.translated.iter().find(|(known, _)| *known == name));
        known.map(|(_, written)| written.as_str())
    }
}

/// Lends the values of labels that are one label, piece by piece.
pub(crate) fn joined(labels: &[&Label], mut piece: impl FnMut(&str)) {
    for (index, label) in labels.iter().enumerate() {
        if index > 0 {
            piece(";");
        }
        label.value().with_str(&mut piece);
    }
}
