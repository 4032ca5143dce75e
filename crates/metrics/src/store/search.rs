//! Where a number stands among limits.

/// Ascending limits, with those that a number of so many bits has to be compared with: mostly two at most.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    limits: Box<[u64]>,
    octaves: [Octave; u64::BITS as usize],
}

/// The limits that have as many bits as a number; zero has as many as one.
#[derive(Clone, Copy, Debug)]
struct Octave {
    /// The next limits from here on. Where the octave has fewer, they are above every number of it.
    next: [u64; 2],
    /// How many limits are below the octave.
    start: u32,
    /// How many are in it, if these are more than stand here; else none.
    more: u32,
}

impl Search {
    pub(crate) fn new(limits: Vec<u64>) -> Self {
        let below = |exponent| match 1_u64.checked_shl(exponent) {
            Some(_) if exponent == 0 => 0,
            Some(first) => limits.partition_point(|limit| *limit < first),
            None => limits.len(),
        };
        let octaves = std::array::from_fn(|octave| {
            let octave = octave as u32;
            let (start, end) = (below(octave), below(octave + 1));
            // A limit that nothing is above stands for one that is not there.
            let next = [start, start + 1].map(|at| limits.get(at).copied().unwrap_or(u64::MAX));
            let more = if end - start > next.len() { end - start } else { 0 };
            Octave { next, start: start as u32, more: more as u32 }
        });
        Self { limits: limits.into(), octaves }
    }

    pub(crate) fn len(&self) -> usize {
        self.limits.len()
    }

    /// The number of limits below `number`: the place of the first that is not.
    #[inline]
    pub(crate) fn place(&self, number: u64) -> usize {
        self.quick_place(number).unwrap_or_else(|| {
            let Some(&Octave { start, more, .. }) = self.octaves.get(octave(number)) else { return 0 };
            let (start, more) = (start as usize, more as usize);
            let within = self.limits.get(start..start + more).unwrap_or_default();
            start + within.partition_point(|limit| *limit < number)
        })
    }

    /// The same, unless the octave of the number is crowded; without a branch that depends on the number. Which
    /// bucket a recording falls into is what no processor can foretell.
    #[inline]
    pub(crate) fn quick_place(&self, number: u64) -> Option<usize> {
        let Octave { next: [one, other], start, more } = self.octaves.get(octave(number))?;
        (*more == 0).then(|| *start as usize + usize::from(*one < number) + usize::from(*other < number))
    }
}

#[inline]
fn octave(number: u64) -> usize {
    (number | 1).ilog2() as usize
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_number_of_limits_below() {
        for limits in [
            vec![0, 0, 1, 2, 3, 4, 5, 7, 8, 1000, u64::MAX],
            vec![0, 0, 0],
            vec![4, 5, 40, 44, 1100],
            vec![7],
            vec![],
            vec![u64::MAX - 1],
            vec![u64::MAX / 2 + 1, u64::MAX - 1, u64::MAX],
        ] {
            let search = Search::new(limits.clone());
            for number in (0..2000).chain([u64::MAX / 2, u64::MAX / 2 + 2, u64::MAX - 1, u64::MAX]) {
                let expected = limits.iter().filter(|limit| **limit < number).count();
                assert_eq!(search.place(number), expected, "{number} in {limits:?}");
            }
        }
    }
}
