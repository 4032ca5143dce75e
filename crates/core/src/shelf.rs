//! A small shelf of texts that live as long as the process, before the place where all of them are.

use std::sync::OnceLock;

/// Places: a power of two.
const PLACES: usize = 256;

/// Neighbours that a text tries.
const TRIES: usize = 4;

/// Finds a text again without a lock and without a hash that withstands an attack.
///
/// Who comes first stays. A text that finds no place is looked for where all are, so an attacker who fills the shelf
/// gains what a lookup costs, and nothing else.
#[derive(Debug)]
pub(crate) struct Shelf {
    places: [OnceLock<&'static str>; PLACES],
}

impl Shelf {
    pub(crate) const fn new() -> Self {
        Self { places: [const { OnceLock::new() }; PLACES] }
    }

    /// The text like this one, if it stands here.
    pub(crate) fn get(&self, text: &str) -> Option<&'static str> {
        let first = mix(text);
        (first..first + TRIES)
            .map_while(|place| self.places.get(place % PLACES)?.get().copied())
            .find(|known| *known == text)
    }

    /// Puts a text on the shelf, where there is room.
    #[cold]
    pub(crate) fn put(&self, text: &'static str) {
        let first = mix(text);
        let mut places = (first..first + TRIES).filter_map(|place| self.places.get(place % PLACES));
        let _ = places.find(|place| place.get_or_init(|| text) == &text);
    }
}

/// Eight bytes at a time, badly and fast.
fn mix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let append = |mixed: u64, word: u64| {
        // The multiplier of PCG: odd, and without a pattern.
        (mixed ^ word).wrapping_mul(6_364_136_223_846_793_005).rotate_left(23)
    };
    let start = text.len() as u64;
    let mixed = match bytes.last_chunk() {
        // What is left over is read with some bytes before it; its end, where templates differ, moves most.
        Some(last) => {
            let words = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
            append(words.fold(start, append), u64::from_be_bytes(*last))
        }
        None => append(start, bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))),
    };
    mixed as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaked(text: String) -> &'static str {
        Box::leak(text.into_boxed_str())
    }

    #[test]
    fn a_text_is_found_once_it_was_put() {
        let shelf = Shelf::new();
        for text in ["", "/", "/users/{id}", "/a/very/long/template/{with}/{many}/{parts}"] {
            assert_eq!(shelf.get(text), None, "{text}");
            shelf.put(text);
            let copy = leaked(text.to_owned());
            assert!(shelf.get(copy).is_some_and(|found| std::ptr::eq(found, text)), "{text}");
        }
    }

    #[test]
    fn a_full_shelf_finds_what_it_has_and_nothing_else() {
        let shelf = Shelf::new();
        let texts: Vec<_> = (0..4 * PLACES).map(|n| leaked(format!("/route/{n}"))).collect();
        texts.iter().for_each(|text| shelf.put(text));
        let found = texts.iter().filter(|text| shelf.get(text).is_some_and(|found| found == **text)).count();
        assert!((PLACES / 2..=PLACES).contains(&found), "{found}");
        assert_eq!(shelf.get("/another"), None);
    }
}
