//! What was resolved for a key, found again without a hash of its texts, a lock or a map.

use std::ops::Deref;
use std::sync::OnceLock;

/// Places of a table: a power of two, some times what a program has routes, methods and status codes.
const PLACES: usize = 2_048;

/// Neighbours that a key tries before it is looked up in its family each time.
const TRIES: usize = 8;

/// Handles of series by closed keys: the first to come to a place stays there for the life of the window.
///
/// It stands before the families, shared by all clones of a layer: a layer is laid anew for every connection or
/// request, and a handle that it kept would be lost. A key that finds no place costs a lookup, and nothing else.
#[derive(Debug)]
pub(crate) struct Handles<K, V> {
    // Made with its first entry: most windows see one side and one protocol.
    places: OnceLock<Box<[Slot<K, V>]>>,
}

type Slot<K, V> = OnceLock<Box<(K, V)>>;

/// A key of texts that are few, and whose addresses say which they are.
pub(crate) trait Closed {
    /// A number that is equal for equal keys, made of addresses and small integers.
    fn mix(&self, mixer: Mixer) -> Mixer;

    /// Whether all texts are the same in place and length. Equal texts that stand apart are told apart, which costs
    /// a place and changes nothing: the family compares what they say.
    fn is(&self, other: &Self) -> bool;
}

/// Whether handles may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The series stay as long as the window.
    Kept,
    /// A series may go, or this is the one that takes what a full family refuses.
    Passing,
}

/// Handles that stand in a table, or were looked up for once.
#[derive(Debug)]
pub(crate) enum Found<'a, V> {
    Kept(&'a V),
    // Boxed, since both are moved as one: handles that are kept are a pointer.
    Passing(Box<V>),
}

/// Mixes numbers, fast and badly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mixer(u64);

impl<K, V> Handles<K, V> {
    pub(crate) const fn new() -> Self {
        Self { places: OnceLock::new() }
    }
}

impl<K: Closed, V: Clone> Handles<K, V> {
    /// What stands for this key, or what `make` makes of it, and where that stands, if it may stay.
    ///
    /// The key is asked for once more where it is new: one that is only compared needs no place in memory.
    #[inline]
    pub(crate) fn find(
        &self,
        key: impl Fn() -> K,
        make: impl FnOnce(&K) -> (V, Keep),
    ) -> (Found<'_, V>, Option<usize>) {
        let wanted = key();
        let first = wanted.mix(Mixer::NEW).place();
        match self.entry(first) {
            Some(entry) if entry.0.is(&wanted) => (Found::Kept(&entry.1), Some(first)),
            Some(_) => self.find_further(first, key(), make),
            None => self.enter(first, key(), make),
        }
    }

    /// What stands in this place.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> Option<&V> {
        self.entry(place).map(|entry| &entry.1)
    }

    #[inline]
    fn entry(&self, place: usize) -> Option<&(K, V)> {
        self.places.get()?.get(place)?.get().map(|entry| &**entry)
    }

    /// Looks at the neighbours: two keys of the few that a program has seldom mix to one place.
    #[cold]
    #[inline(never)]
    fn find_further(
        &self,
        first: usize,
        wanted: K,
        make: impl FnOnce(&K) -> (V, Keep),
    ) -> (Found<'_, V>, Option<usize>) {
        for place in first + 1..first + TRIES {
            let place = place % PLACES;
            match self.entry(place) {
                Some(entry) if entry.0.is(&wanted) => return (Found::Kept(&entry.1), Some(place)),
                Some(_) => {}
                None => break,
            }
        }
        self.enter(first, wanted, make)
    }

    #[cold]
    #[inline(never)]
    fn enter(
        &self,
        first: usize,
        key: K,
        make: impl FnOnce(&K) -> (V, Keep),
    ) -> (Found<'_, V>, Option<usize>) {
        let (value, keep) = make(&key);
        if keep == Keep::Passing {
            return (Found::Passing(Box::new(value)), None);
        }
        let places = self.places.get_or_init(|| (0..PLACES).map(|_| OnceLock::new()).collect());
        let mut entry = Box::new((key, value.clone()));
        for place in first..first + TRIES {
            let place = place % PLACES;
            let Some(slot) = places.get(place) else { break };
            match slot.set(entry) {
                // Another thread may have entered the same key meanwhile: then it stands twice, and counts once.
                Ok(()) => {
                    let found = match slot.get() {
                        Some(entry) => Found::Kept(&entry.1),
                        None => Found::Passing(Box::new(value)),
                    };
                    return (found, Some(place));
                }
                Err(back) => entry = back,
            }
        }
        (Found::Passing(Box::new(value)), None)
    }
}

impl Mixer {
    const NEW: Self = Self(0);

    #[inline]
    pub(crate) const fn number(self, number: u64) -> Self {
        // The multiplier of PCG: odd, and without a pattern.
        Self((self.0 ^ number).wrapping_mul(6_364_136_223_846_793_005).rotate_left(29))
    }

    #[inline]
    pub(crate) fn text(self, text: &'static str) -> Self {
        self.number(text.as_ptr().addr() as u64)
    }

    #[inline]
    pub(crate) fn some(self, text: Option<&'static str>) -> Self {
        text.map_or(self.number(1), |text| self.text(text))
    }

    const fn place(self) -> usize {
        (self.0 as usize) % PLACES
    }
}

/// Whether two texts are one.
#[inline]
pub(crate) fn same(one: &'static str, other: &'static str) -> bool {
    std::ptr::eq(one, other)
}

/// Whether two texts are one, or both are absent.
#[inline]
pub(crate) fn same_or_none(one: Option<&'static str>, other: Option<&'static str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

impl<V> Deref for Found<'_, V> {
    type Target = V;

    fn deref(&self) -> &V {
        match self {
            Self::Kept(value) => value,
            Self::Passing(value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone)]
    struct Key(Option<&'static str>, u64);

    impl Closed for Key {
        fn mix(&self, mixer: Mixer) -> Mixer {
            mixer.some(self.0).number(self.1)
        }

        fn is(&self, other: &Self) -> bool {
            same_or_none(self.0, other.0) && self.1 == other.1
        }
    }

    #[test]
    fn a_key_is_made_once_and_found_in_its_place() {
        let handles = Handles::new();
        let (found, place) = handles.find(|| Key(Some("a"), 1), |_| (7, Keep::Kept));
        assert!(matches!(found, Found::Kept(7)));
        let (again, same_place) = handles.find(|| Key(Some("a"), 1), |_| (8, Keep::Kept));
        assert_eq!((*again, same_place), (7, place));
        assert_eq!(place.and_then(|place| handles.at(place)), Some(&7));
    }

    #[test]
    fn keys_that_differ_in_anything_are_apart() {
        static TEXT: &str = "ab";
        let part = TEXT.split_at(1).0;
        let handles = Handles::new();
        let keys = [Key(Some(TEXT), 1), Key(Some(part), 1), Key(Some(TEXT), 2), Key(None, 1)];
        for (value, key) in keys.iter().enumerate() {
            assert_eq!(*handles.find(|| key.clone(), |_| (value, Keep::Kept)).0, value);
        }
        for (value, key) in keys.iter().enumerate() {
            assert_eq!(*handles.find(|| key.clone(), |_| (99, Keep::Kept)).0, value);
        }
    }

    #[test]
    fn what_may_not_stay_is_made_each_time() {
        let handles = Handles::new();
        for value in 0..3 {
            let (found, place) = handles.find(|| Key(None, 0), |_| (value, Keep::Passing));
            assert!(matches!(found, Found::Passing(made) if *made == value));
            assert_eq!(place, None);
        }
    }

    #[test]
    fn a_full_table_still_answers_for_every_key() {
        let handles = Handles::new();
        let keys = 0..3 * PLACES as u64;
        let kept =
            keys.clone().filter(|n| handles.find(|| Key(None, *n), |key| (key.1, Keep::Kept)).1.is_some());
        let kept = kept.count();
        assert!((PLACES / 2..=PLACES).contains(&kept), "{kept}");
        for n in keys {
            assert_eq!(*handles.find(|| Key(None, n), |key| (key.1, Keep::Kept)).0, n);
        }
    }
}
