//! Interned text: names that live as long as the process, in bounded number.

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};

use crate::shelf::Shelf;

/// A set of texts, each stored once; most reads take no lock, and only a new text takes it alone.
///
/// Memory is bounded by `limit` texts: one more gives `None`, and the caller says what that means.
#[derive(Debug)]
pub(crate) struct Interner {
    shelf: Shelf,
    texts: RwLock<Option<HashSet<&'static str>>>,
    limit: usize,
}

impl Interner {
    pub(crate) const fn new(limit: usize) -> Self {
        Self { shelf: Shelf::new(), texts: RwLock::new(None), limit }
    }

    /// The stored form of `text`, which is stored if it is new and there is room.
    pub(crate) fn intern(&self, text: &str) -> Option<&'static str> {
        if let Some(known) = self.get(text) {
            return Some(known);
        }
        self.store(text)
    }

    #[cold]
    #[inline(never)]
    fn store(&self, text: &str) -> Option<&'static str> {
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        let texts = texts.get_or_insert_default();
        // Another thread may have stored it between the two locks.
        if let Some(known) = texts.get(text) {
            return Some(known);
        }
        if texts.len() >= self.limit {
            return None;
        }
        // Leaked on purpose: `limit` bounds how often this happens in the life of the process.
        let stored: &'static str = Box::leak(Box::from(text));
        texts.insert(stored);
        self.shelf.put(stored);
        Some(stored)
    }

    /// Lets a text of the program's own be found by [`shown`](Self::shown), where there is room; it is not stored.
    pub(crate) fn show(&self, text: &'static str) {
        self.shelf.put(text);
    }

    /// A text that was stored or shown, if it stands at the front.
    pub(crate) fn shown(&self, text: &str) -> Option<&'static str> {
        self.shelf.get(text)
    }

    /// The stored form of `text`, if it is stored.
    pub(crate) fn get(&self, text: &str) -> Option<&'static str> {
        if let Some(known) = self.shelf.get(text) {
            return Some(known);
        }
        self.find(text)
    }

    /// Looks where all texts are.
    #[cold]
    #[inline(never)]
    fn find(&self, text: &str) -> Option<&'static str> {
        self.texts.read().unwrap_or_else(PoisonError::into_inner).as_ref()?.get(text).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_stored_once() {
        let interner = Interner::new(8);
        let (one, two) = (interner.intern("/users/{id}"), interner.intern("/users/{id}"));
        assert!(one.zip(two).is_some_and(|(one, two)| std::ptr::eq(one, two)));
    }

    #[test]
    fn one_text_beyond_the_limit_is_refused_and_the_others_stay() {
        let interner = Interner::new(2);
        assert_eq!(interner.intern("a"), Some("a"));
        assert_eq!(interner.intern("b"), Some("b"));
        assert_eq!(interner.intern("c"), None);
        assert_eq!(interner.intern("a"), Some("a"));
        assert_eq!(interner.get("c"), None);
    }
}
