//! Names made of parts that live as long as the process, each joined once.

use std::borrow::Cow;
use std::ptr;
use std::sync::OnceLock;

/// Places: a power of two.
const PLACES: usize = 256;

/// Neighbours that a name tries.
const TRIES: usize = 4;

static NAMES: Names = Names::new();

/// The parts of a name.
pub(crate) type Parts = [&'static str; 3];

/// The parts, one behind the other.
pub(crate) fn joined(parts: Parts) -> Cow<'static, str> {
    NAMES.joined(parts)
}

/// Finds a name again without a lock.
///
/// Who comes first stays, so that no more names than there are places are ever kept.
#[derive(Debug)]
struct Names([OnceLock<Joined>; PLACES]);

#[derive(Debug)]
struct Joined {
    parts: Parts,
    name: &'static str,
}

impl Names {
    const fn new() -> Self {
        Self([const { OnceLock::new() }; PLACES])
    }

    fn joined(&self, parts: Parts) -> Cow<'static, str> {
        let first = place(parts);
        for place in (first..first + TRIES).filter_map(|place| self.0.get(place % PLACES)) {
            let known = place.get_or_init(|| Joined::new(parts));
            if is_same(known.parts, parts) {
                return known.name.into();
            }
        }
        parts.concat().into()
    }
}

impl Joined {
    #[cold]
    fn new(parts: Parts) -> Self {
        // Leaked on purpose: the places bound how often this happens in the life of the process.
        Self { parts, name: Box::leak(parts.concat().into_boxed_str()) }
    }
}

/// Parts are known by where they stand: texts of a program and interned ones do not move.
fn is_same(known: Parts, parts: Parts) -> bool {
    known.iter().zip(parts).all(|(known, part)| ptr::eq(*known, part))
}

fn place(parts: Parts) -> usize {
    let mixed = parts.iter().fold(0_u64, |mixed, part| {
        // The multiplier of PCG: odd, and without a pattern.
        (mixed ^ part.as_ptr().addr() as u64).wrapping_mul(6_364_136_223_846_793_005).rotate_left(23)
    });
    mixed as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaked(text: String) -> &'static str {
        Box::leak(text.into_boxed_str())
    }

    #[test]
    fn a_name_is_made_once_and_is_that_of_its_parts() {
        let route = leaked("/joined/{once}".to_owned());
        let names = Names::new();
        let name = || names.joined(["GET", " ", route]);
        assert_eq!(name(), "GET /joined/{once}");
        let (Cow::Borrowed(one), Cow::Borrowed(two)) = (name(), name()) else {
            unreachable!("few names are made in a test")
        };
        assert!(ptr::eq(one, two));
        assert_eq!(names.joined(["POST", " ", route]), "POST /joined/{once}");
        let other = leaked("/joined/{other}".to_owned());
        assert_eq!(names.joined(["GET", " ", other]), "GET /joined/{other}");
    }

    #[test]
    fn names_beyond_the_places_are_made_each_time() {
        let routes: Vec<_> = (0..4 * PLACES).map(|n| leaked(format!("/many/{n}"))).collect();
        let (names, mut kept) = (Names::new(), 0);
        for _ in 0..2 {
            for (n, route) in routes.iter().enumerate() {
                let name = names.joined(["PUT", " ", route]);
                assert_eq!(name, format!("PUT /many/{n}"));
                kept += usize::from(matches!(name, Cow::Borrowed(_)));
            }
        }
        assert!((PLACES..=2 * PLACES).contains(&kept), "{kept}");
    }
}
