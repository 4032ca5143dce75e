//! Random numbers that need no lock and no dependency.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;
use std::{process, thread};

/// The next words of this thread's xoshiro256++ generator (Blackman and Vigna).
///
/// Its 256 bits of state matter more than its speed: a generator with 64 bits gives only 2^64 different trace ids,
/// whatever their length, and two of them meet after some four thousand million.
pub(super) fn random_words<const N: usize>() -> [u64; N] {
    thread_local!(static STATE: Cell<[u64; 4]> = Cell::new(seed()));

    // A guard may ask for an id while its thread ends, when thread locals can be gone.
    STATE.try_with(steps).unwrap_or_else(|_| steps(&Cell::new(seed())))
}

/// The state is read and written once for all words.
fn steps<const N: usize>(cell: &Cell<[u64; 4]>) -> [u64; N] {
    let mut state = cell.get();
    let words = std::array::from_fn(|_| step(&mut state));
    cell.set(state);
    words
}

fn step([a, b, c, d]: &mut [u64; 4]) -> u64 {
    let word = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
    let shifted = *b << 17;
    *c ^= *a;
    *d ^= *b;
    *b ^= *c;
    *a ^= *d;
    *c ^= shifted;
    *d = d.rotate_left(45);
    word
}

/// Four words from the standard library's randomly keyed hasher, the one source of entropy that needs no dependency.
#[allow(clippy::disallowed_methods, reason = "the wall clock is entropy here, nobody tells the time by it")]
fn seed() -> [u64; 4] {
    let keys = RandomState::new();
    let mut state = [0_u64, 1, 2, 3].map(|word| {
        // The clock and the process keep copies of one image apart, should they share the keys.
        keys.hash_one((word, SystemTime::now(), process::id(), thread::current().id()))
    });
    // The generator must not start at all zero, where it would stay.
    if state == [0; 4] {
        state = [1; 4];
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_follows_the_reference_implementation() {
        let cell = Cell::new([1, 2, 3, 4]);
        assert_eq!(steps(&cell), [41_943_041, 58_720_359]);
        assert_eq!(steps(&cell), [3_588_806_011_781_223]);
    }
}
