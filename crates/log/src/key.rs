//! The names of fields, made quick to tell apart.

/// A name with its place in a [`KeySet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    set: KeySet,
}

/// A set of keys that may say yes wrongly, never no: one bit for a key, by its length and its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeySet(u64);

impl Key {
    pub(crate) const fn new(name: &'static str) -> Self {
        let ends = match name.as_bytes() {
            [] => 0,
            [only] => *only as usize,
            [first, .., last] => *first as usize * 5 + *last as usize,
        };
        Self { name, set: KeySet(1 << ((name.len() * 7 + ends) % 64)) }
    }
}

impl KeySet {
    pub(crate) const fn with(self, key: Key) -> Self {
        Self(self.0 | key.set.0)
    }

    /// Whether the key may be in the set; if not, it is certainly not.
    pub(crate) const fn may_have(self, key: Key) -> bool {
        self.0 & key.set.0 != 0
    }

    /// The set of all these names.
    pub(crate) const fn of<const N: usize>(names: [&'static str; N]) -> Self {
        let mut set = Self(0);
        let mut rest: &[&'static str] = &names;
        while let [name, further @ ..] = rest {
            set = set.with(Key::new(name));
            rest = further;
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_little_else() {
        const NAMES: [&str; 5] = ["", "a", "trace_id", "http.route", "é"];
        let set = KeySet::of(NAMES);
        assert!(NAMES.iter().all(|name| set.may_have(Key::new(name))));
        let others = ["b", "span_id", "url.path", "order", "user", "http.request.method", "x", "paid"];
        assert!(others.iter().any(|name| !set.may_have(Key::new(name))));
        assert!(!KeySet::default().may_have(Key::new("a")));
    }
}
