//! Where a number stands among limits.

/// Ascending limits, with those that a number of so many bits has to be compared with: mostly two at most.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    limits: Box<[u64]>,
    octaves: [Octave; u64::BITS as usize + 1],
}

/// The limits that have as many bits as a number.
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
        let octaves = std::array::from_fn(|bits| {
            let below = |bits: usize| match bits.checked_sub(1) {
                None => 0,
                Some(exponent) => {
                    let first = 1_u64.checked_shl(exponent as u32);
                    first.map_or(limits.len(), |first| limits.partition_point(|limit| *limit < first))
                }
            };
            let (start, end) = (below(bits), below(bits + 1));
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
    ///
    /// Without a branch that depends on the number, unless its octave is crowded: which bucket a recording falls
    /// into is what no processor can foretell.
    #[inline]
    pub(crate) fn place(&self, number: u64) -> usize {
        let bits = (u64::BITS - number.leading_zeros()) as usize;
        let Some(&Octave { next: [one, other], start, more }) = self.octaves.get(bits) else { return 0 };
        if more > 0 {
            return self.place_among(number, start as usize, more as usize);
        }
        start as usize + usize::from(one < number) + usize::from(other < number)
    }

    #[inline(never)]
    fn place_among(&self, number: u64, start: usize, more: usize) -> usize {
        let within = self.limits.get(start..start + more).unwrap_or_default();
        start + within.partition_point(|limit| *limit < number)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_number_of_limits_below() {
        for limits in [
            vec![0, 0, 1, 2, 3, 4, 5, 7, 8, 1000, u64::MAX],
            vec![0, 0, 0],
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
