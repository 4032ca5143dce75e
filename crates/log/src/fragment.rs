//! Fields encoded once: a run of `,"key":value` pieces with an index of where each stands.

use crate::json::{self, Fit};
use crate::key::{Key, KeySet};

/// The most bytes that the fields of one span take. They are kept as long as the span lives.
pub(crate) const SPAN_LIMIT: usize = 16 * 1024;

/// The encoded fields of a span or an event. Every key stands once, at the place of its last write.
#[derive(Debug, Default)]
pub(crate) struct Fragment {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    keys: KeySet,
    /// Not zero if a field may have been cut, left out or erased since all was cleared.
    gaps: u32,
}

/// Where one field stands. With an empty range its bytes were left out, while its key still hides outer
/// fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// Whether the field stands here whole.
    pub(crate) fit: Fit,
    start: usize,
    /// Where the value begins, after the comma, the key and the colon.
    value: usize,
    end: usize,
}

impl Entry {
    /// The bytes of the whole piece.
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Leaves the bytes out.
    pub(crate) fn erase(&mut self) {
        (self.value, self.end) = (self.start, self.start);
    }
}

impl Fragment {
    /// The fields in the order of their bytes.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The fields, to be erased or not.
    pub(crate) fn entries_mut(&mut self) -> &mut [Entry] {
        self.gaps += 1;
        &mut self.entries
    }

    /// The bytes held in reserve, used or not.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub(crate) fn contains(&self, key: Key) -> bool {
        self.keys.may_have(key) && self.entries.iter().any(|entry| entry.key == key)
    }

    /// The encoded value of a field, and whether it is whole. Nothing if its bytes were left out.
    pub(crate) fn value(&self, name: &str) -> Option<(&[u8], Fit)> {
        let entry = self.entries.iter().find(|entry| entry.key.name == name)?;
        let value = self.bytes.get(entry.value..entry.end)?;
        (!value.is_empty()).then_some((value, entry.fit))
    }

    /// Visits these fields of this fragment, each with its encoded value.
    pub(crate) fn visit(&self, entries: &[Entry], mut visit: impl FnMut(&'static str, &[u8])) {
        for entry in entries.iter().filter(|entry| entry.len() > 0) {
            visit(entry.key.name, self.bytes.get(entry.value..entry.end).unwrap_or_default());
        }
    }

    pub(crate) fn clear(&mut self) {
        let Self { bytes, entries, keys, gaps } = self;
        bytes.clear();
        entries.clear();
        *gaps = 0;
        *keys = KeySet::default();
    }

    /// Adds a field, in place of one of the same key. Its bytes are left out if they would end above `limit`.
    pub(crate) fn put(&mut self, name: &'static str, limit: usize, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        let key = Key::new(name);
        self.remove(key);
        let start = self.bytes.len();
        let fit = json::key(&mut self.bytes, name);
        let value = self.bytes.len();
        let fit = fit.and(encode(&mut self.bytes));
        self.enter(Entry { key, fit, start, value, end: self.bytes.len() }, limit);
    }

    /// Adds a field whose key, encoded as `text`, does not stand here yet.
    #[inline]
    pub(crate) fn put_new(
        &mut self,
        key: Key,
        text: &[u8],
        limit: usize,
        encode: impl FnOnce(&mut Vec<u8>) -> Fit,
    ) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text);
        let value = self.bytes.len();
        let fit = encode(&mut self.bytes);
        self.enter(Entry { key, fit, start, value, end: self.bytes.len() }, limit);
    }

    /// All fields as one run of bytes, if it is certain that each stands here whole.
    pub(crate) fn whole(&self) -> Option<&[u8]> {
        (self.gaps == 0).then_some(self.bytes.as_slice())
    }

    /// Adds every field of another fragment, the other's in place of its own.
    pub(crate) fn overwrite(&mut self, newer: &Self, limit: usize) {
        for entry in &newer.entries {
            self.remove(entry.key);
            self.append(newer, entry, limit);
        }
    }

    /// Adds a field of another fragment, whose key does not stand here yet. Its bytes are left out if they
    /// would end above `limit`. Whether it then stands here whole.
    pub(crate) fn append(&mut self, from: &Self, entry: &Entry, limit: usize) -> Fit {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(from.bytes.get(entry.start..entry.end).unwrap_or_default());
        let value = start + (entry.value - entry.start);
        self.enter(Entry { start, value, end: self.bytes.len(), ..*entry }, limit)
    }

    /// Appends the bytes of these fields of this fragment.
    pub(crate) fn copy(&self, entries: &[Entry], out: &mut Vec<u8>) {
        // Neighbours are copied as one run: mostly everything is one.
        let mut run = 0..0;
        for entry in entries.iter().filter(|entry| entry.len() > 0) {
            if entry.start != run.end {
                out.extend_from_slice(self.bytes.get(run).unwrap_or_default());
                run = entry.start..entry.start;
            }
            run.end = entry.end;
        }
        out.extend_from_slice(self.bytes.get(run).unwrap_or_default());
    }

    /// Indexes the field whose bytes were just written.
    fn enter(&mut self, mut entry: Entry, limit: usize) -> Fit {
        if entry.end > limit {
            self.bytes.truncate(entry.start);
            entry.erase();
            entry.fit = Fit::Cut;
        }
        self.gaps += u32::from(entry.fit == Fit::Cut);
        self.keys = self.keys.with(entry.key);
        self.entries.push(entry);
        entry.fit
    }

    fn remove(&mut self, key: Key) {
        if !self.keys.may_have(key) {
            return;
        }
        let Some(at) = self.entries.iter().position(|entry| entry.key == key) else { return };
        let Entry { start, end, .. } = self.entries.remove(at);
        // A field that is recorded a million times must not leave a million dead values behind.
        self.bytes.drain(start..end);
        let freed = end - start;
        for later in self.entries.iter_mut().skip(at) {
            later.start -= freed;
            later.value -= freed;
            later.end -= freed;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const ROOMY: usize = 1024;

    fn put(fragment: &mut Fragment, key: &'static str, value: u64) {
        fragment.put(key, ROOMY, |out| {
            json::integer(out, value);
            Fit::Whole
        });
    }

    fn text(fragment: &Fragment) -> String {
        let mut out = Vec::new();
        fragment.copy(fragment.entries(), &mut out);
        String::from_utf8(out).unwrap()
    }

    fn fits(fragment: &Fragment) -> Vec<Fit> {
        fragment.entries().iter().map(|entry| entry.fit).collect()
    }

    #[test]
    fn a_field_put_again_replaces_the_first() {
        let mut fragment = Fragment::default();
        for (key, value) in [("a", 1), ("b", 22), ("c", 3), ("b", 4), ("a", 555), ("a", 6)] {
            put(&mut fragment, key, value);
        }
        assert_eq!(text(&fragment), r#","c":3,"b":4,"a":6"#);
        assert_eq!(fragment.value("c"), Some((b"3".as_slice(), Fit::Whole)));
        assert_eq!(fragment.value("a"), Some((b"6".as_slice(), Fit::Whole)));
    }

    #[test]
    fn a_field_recorded_for_ever_takes_no_more_room() {
        let mut fragment = Fragment::default();
        let mut newer = Fragment::default();
        for value in 0..10_000 {
            newer.clear();
            put(&mut newer, "n", value);
            fragment.overwrite(&newer, ROOMY);
        }
        assert_eq!(text(&fragment), r#","n":9999"#);
        assert!(fragment.bytes.len() < 16 && fragment.entries.len() == 1);
    }

    #[test]
    fn a_newer_fragment_overwrites_and_adds() {
        let (mut fragment, mut newer) = (Fragment::default(), Fragment::default());
        put(&mut fragment, "a", 1);
        put(&mut fragment, "b", 2);
        put(&mut newer, "c", 3);
        put(&mut newer, "a", 4);
        fragment.overwrite(&newer, ROOMY);
        assert_eq!(text(&fragment), r#","b":2,"c":3,"a":4"#);
        assert_eq!(fragment.value("a"), Some((b"4".as_slice(), Fit::Whole)));
    }

    #[test]
    fn a_field_above_the_limit_leaves_its_key_behind() {
        let mut fragment = Fragment::default();
        put(&mut fragment, "kept", 1);
        fragment.put("large", 16, |out| json::string(out, "does not fit"));
        assert_eq!(text(&fragment), r#","kept":1"#);
        assert!(fragment.contains(Key::new("large")) && fragment.value("large").is_none());
        assert_eq!(fits(&fragment), [Fit::Whole, Fit::Cut]);
        put(&mut fragment, "large", 2);
        assert_eq!(text(&fragment), r#","kept":1,"large":2"#);
        assert_eq!(fits(&fragment), [Fit::Whole, Fit::Whole], "what was cut is forgotten with the value");
    }

    #[test]
    fn what_is_erased_is_not_copied() {
        let mut fragment = Fragment::default();
        for key in ["a", "b", "c", "d", "e"] {
            put(&mut fragment, key, 7);
        }
        fragment
            .entries_mut()
            .iter_mut()
            .filter(|entry| "acd".contains(entry.key.name))
            .for_each(Entry::erase);
        assert_eq!(text(&fragment), r#","b":7,"e":7"#);
        assert!(fragment.contains(Key::new("c")));
    }

    #[test]
    fn a_key_is_escaped() {
        let mut fragment = Fragment::default();
        put(&mut fragment, "a \"quoted\" key", 1);
        assert_eq!(text(&fragment), r#","a \"quoted\" key":1"#);
    }
}
