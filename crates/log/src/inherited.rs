//! The fields that an event has from the spans around it.

use std::ops::Range;

use crate::fragment::{Entry, Fragment};
use crate::json::Fit;
use crate::key::Key;

/// Collected from the innermost span outwards, since an inner field hides an outer one of the same name, and
/// told from the outermost inwards.
#[derive(Debug, Default)]
pub(crate) struct Inherited {
    fields: Fragment,
    /// Which entries came from one span.
    spans: Vec<Range<usize>>,
}

impl Inherited {
    pub(crate) fn clear(&mut self) {
        let Self { fields, spans } = self;
        fields.clear();
        spans.clear();
    }

    /// Takes over what no inner span has and `hidden` does not hide, up to `limit` bytes in all. Whether each
    /// of these stands here whole.
    pub(crate) fn take_over(&mut self, outer: &Fragment, limit: usize, hidden: impl Fn(Key) -> bool) -> Fit {
        let mut fit = Fit::Whole;
        let first = self.fields.entries().len();
        for entry in outer.entries() {
            if !hidden(entry.key) && !self.fields.contains(entry.key) {
                fit = fit.and(self.fields.append(outer, entry, limit));
            }
        }
        self.spans.push(first..self.fields.entries().len());
        fit
    }

    /// Leaves a field out.
    pub(crate) fn erase(&mut self, name: &str) {
        self.fields.entries_mut().iter_mut().filter(|entry| entry.key.name == name).for_each(Entry::erase);
    }

    /// Visits the fields, the outermost span's first, each with its encoded value.
    pub(crate) fn visit(&self, mut visit: impl FnMut(&'static str, &[u8])) {
        for span in self.spans.iter().rev() {
            self.fields.visit(self.fields.entries().get(span.clone()).unwrap_or_default(), &mut visit);
        }
    }

    /// Appends the fields, the outermost span's first.
    pub(crate) fn copy(&self, out: &mut Vec<u8>) {
        for span in self.spans.iter().rev() {
            self.fields.copy(self.fields.entries().get(span.clone()).unwrap_or_default(), out);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::json;

    fn span(fields: &[(&'static str, &str)]) -> Fragment {
        let mut fragment = Fragment::default();
        for (key, value) in fields {
            fragment.put(key, usize::MAX, |out| json::string(out, value));
        }
        fragment
    }

    fn text(inherited: &Inherited) -> String {
        let mut out = Vec::new();
        inherited.copy(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_inner_span_hides_an_outer_one_and_is_told_after_it() {
        let mut inherited = Inherited::default();
        for (name, keys) in [("in", ["a", "b"]), ("mid", ["c", "b"]), ("out", ["c", "d"])] {
            let span = span(&keys.map(|key| (key, name)));
            assert_eq!(inherited.take_over(&span, usize::MAX, |_| false), Fit::Whole);
        }
        assert_eq!(text(&inherited), r#","d":"out","c":"mid","a":"in","b":"in""#);
    }

    #[test]
    fn a_field_without_room_is_left_out_with_the_outer_ones_that_it_hides() {
        let mut inherited = Inherited::default();
        let inner = span(&[("long", "0123456789abcdef"), ("a", "1")]);
        assert_eq!(inherited.take_over(&inner, 20, |_| false), Fit::Cut);
        let outer = span(&[("long", ""), ("b", "2")]);
        assert_eq!(inherited.take_over(&outer, 20, |_| false), Fit::Whole);
        assert_eq!(text(&inherited), r#","b":"2","a":"1""#);
    }

    #[test]
    fn a_hidden_or_erased_field_is_not_told() {
        let mut inherited = Inherited::default();
        let span = span(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let _ = inherited.take_over(&span, usize::MAX, |key| key.name == "a");
        inherited.erase("b");
        assert_eq!(text(&inherited), r#","c":"3""#);
    }
}
