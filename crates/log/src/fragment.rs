//! Fields encoded once: a run of `,"key":value` pieces with an index of where each stands.

use crate::json::{self, Fit};

/// The most bytes that the fields of one span take. They are kept as long as the span lives.
pub(crate) const SPAN_LIMIT: usize = 16 * 1024;

/// The encoded fields of a span or an event. Every key stands once, at the place of its last write.
#[derive(Debug, Default)]
pub(crate) struct Fragment {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    keys: KeySet,
    fit: Fit,
}

/// Where one field stands. With an empty range its bytes were left out, while its key still hides outer fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) key: &'static str,
    start: usize,
    /// Where the value begins, after the comma, the key and the colon.
    value: usize,
    end: usize,
}

/// A set of keys that may say yes wrongly, never no: one bit for a key, by its length and its ends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeySet(u64);

impl Fragment {
    /// Whether it has nothing to tell, not even that something was left out.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether every field stands here whole.
    pub(crate) fn fit(&self) -> Fit {
        self.fit
    }

    /// The fields in the order of their bytes.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The bytes held in reserve, used or not.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.keys.intersects(KeySet::of(key)) && self.entries.iter().any(|entry| entry.key == key)
    }

    /// The whole piece of a field, `,"key":value`.
    pub(crate) fn piece(&self, entry: &Entry) -> &[u8] {
        self.bytes.get(entry.start..entry.end).unwrap_or_default()
    }

    /// The encoded value of a field.
    pub(crate) fn value(&self, key: &str) -> Option<&[u8]> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        self.bytes.get(entry.value..entry.end).filter(|value| !value.is_empty())
    }

    pub(crate) fn clear(&mut self) {
        let Self { bytes, entries, keys, fit } = self;
        bytes.clear();
        entries.clear();
        *keys = KeySet::default();
        *fit = Fit::Whole;
    }

    /// Adds a field, in place of one of the same key. Its bytes are left out if they would end above `limit`.
    pub(crate) fn put(&mut self, key: &'static str, limit: usize, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        let key_set = KeySet::of(key);
        if self.keys.intersects(key_set) {
            self.remove(key);
        }
        let start = self.bytes.len();
        let key_fit = json::key(&mut self.bytes, key);
        let value = self.bytes.len();
        let value_fit = encode(&mut self.bytes);
        self.fit = self.fit.and(key_fit).and(value_fit);
        self.enter(key, key_set, start, value, limit);
    }

    /// Adds every field of another fragment, the other's in place of its own.
    pub(crate) fn overwrite(&mut self, newer: &Self, limit: usize) {
        for entry in &newer.entries {
            if self.keys.intersects(KeySet::of(entry.key)) {
                self.remove(entry.key);
            }
            self.append(newer, entry, limit);
        }
        self.fit = self.fit.and(newer.fit);
    }

    /// Adds a field of another fragment, whose key does not stand here yet.
    pub(crate) fn append(&mut self, from: &Self, entry: &Entry, limit: usize) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(from.piece(entry));
        self.enter(entry.key, KeySet::of(entry.key), start, start + (entry.value - entry.start), limit);
    }

    /// Leaves out the bytes of each field that `keep` does not want, but not its key.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str, usize) -> bool) {
        for entry in &mut self.entries {
            if !keep(entry.key, entry.end - entry.start) {
                entry.end = entry.start;
                entry.value = entry.start;
            }
        }
    }

    /// Appends the bytes of these fields of this fragment.
    pub(crate) fn copy(&self, entries: &[Entry], out: &mut Vec<u8>) {
        // Neighbours are copied as one run: mostly everything is one.
        let mut run = 0..0;
        for entry in entries.iter().filter(|entry| entry.start < entry.end) {
            if entry.start != run.end {
                out.extend_from_slice(self.bytes.get(run).unwrap_or_default());
                run = entry.start..entry.start;
            }
            run.end = entry.end;
        }
        out.extend_from_slice(self.bytes.get(run).unwrap_or_default());
    }

    /// Indexes the field whose bytes were just written.
    fn enter(&mut self, key: &'static str, key_set: KeySet, start: usize, value: usize, limit: usize) {
        let end = self.bytes.len();
        self.keys = self.keys.union(key_set);
        if end <= limit {
            self.entries.push(Entry { key, start, value, end });
        } else {
            self.bytes.truncate(start);
            self.fit = Fit::Cut;
            self.entries.push(Entry { key, start, value: start, end: start });
        }
    }

    fn remove(&mut self, key: &str) {
        let Some(at) = self.entries.iter().position(|entry| entry.key == key) else { return };
        let Entry { start, end, .. } = self.entries.remove(at);
        // A field that is recorded a million times must not leave a million dead values behind.
        self.bytes.drain(start..end);
        for later in self.entries.iter_mut().skip(at) {
            let freed = end - start;
            (later.start, later.value, later.end) =
                (later.start - freed, later.value - freed, later.end - freed);
        }
    }
}

impl KeySet {
    pub(crate) const fn of(key: &str) -> Self {
        let ends = match key.as_bytes() {
            [] => 0,
            [only] => *only as usize,
            [first, .., last] => *first as usize * 5 + *last as usize,
        };
        Self(1 << ((key.len() * 7 + ends) % 64))
    }

    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
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

    #[test]
    fn a_field_put_again_replaces_the_first() {
        let mut fragment = Fragment::default();
        for (key, value) in [("a", 1), ("b", 22), ("c", 3), ("b", 4), ("a", 555), ("a", 6)] {
            put(&mut fragment, key, value);
        }
        assert_eq!(text(&fragment), r#","c":3,"b":4,"a":6"#);
        assert_eq!(fragment.value("c"), Some(b"3".as_slice()));
        assert_eq!(fragment.value("a"), Some(b"6".as_slice()));
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
        assert_eq!(fragment.value("a"), Some(b"4".as_slice()));
    }

    #[test]
    fn a_field_above_the_limit_leaves_its_key_behind() {
        let mut fragment = Fragment::default();
        put(&mut fragment, "kept", 1);
        fragment.put("large", 16, |out| json::string(out, "does not fit"));
        assert_eq!((text(&fragment).as_str(), fragment.fit()), (r#","kept":1"#, Fit::Cut));
        assert!(fragment.contains("large") && fragment.value("large").is_none());
        put(&mut fragment, "large", 2);
        assert_eq!(text(&fragment), r#","kept":1,"large":2"#);
    }

    #[test]
    fn what_is_not_retained_is_not_copied() {
        let mut fragment = Fragment::default();
        for key in ["a", "b", "c", "d", "e"] {
            put(&mut fragment, key, 7);
        }
        fragment.retain(|key, _| !matches!(key, "a" | "c" | "d"));
        assert_eq!(text(&fragment), r#","b":7,"e":7"#);
        assert!(fragment.contains("c"));
    }

    #[test]
    fn a_key_is_escaped() {
        let mut fragment = Fragment::default();
        put(&mut fragment, "a \"quoted\" key", 1);
        assert_eq!(text(&fragment), r#","a \"quoted\" key":1"#);
    }
}
