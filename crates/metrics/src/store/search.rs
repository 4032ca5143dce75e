//! Where a number stands among limits.

/// Ascending limits, with the first that a number of so many bits can need: few are left to compare.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    limits: Box<[u64]>,
    starts: [u16; 66],
}

impl Search {
    pub(crate) fn new(limits: Vec<u64>) -> Self {
        let starts = std::array::from_fn(|bits| match bits {
            0 => 0,
            65 => limits.len() as u16,
            _ => limits.partition_point(|limit| *limit < 1 << (bits - 1)) as u16,
        });
        Self { limits: limits.into(), starts }
    }

    pub(crate) fn len(&self) -> usize {
        self.limits.len()
    }

    /// The number of limits below `number`: the place of the first that is not.
    #[inline]
    pub(crate) fn place(&self, number: u64) -> usize {
        let bits = (u64::BITS - number.leading_zeros()) as usize;
        let Some(&[start, end]) = self.starts.get(bits..bits + 2) else { return 0 };
        let (start, end) = (usize::from(start), usize::from(end));
        let within = self.limits.get(start..end).unwrap_or_default();
        start + within.partition_point(|limit| *limit < number)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_number_of_limits_below() {
        for limits in [vec![0, 0, 1, 2, 3, 4, 5, 7, 8, 1000, u64::MAX], vec![7], vec![], vec![u64::MAX - 1]] {
            let search = Search::new(limits.clone());
            for number in (0..2000).chain([u64::MAX / 2, u64::MAX - 1, u64::MAX]) {
                let expected = limits.iter().filter(|limit| **limit < number).count();
                assert_eq!(search.place(number), expected, "{number} in {limits:?}");
            }
        }
    }
}
