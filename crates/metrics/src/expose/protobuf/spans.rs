//! Exponential buckets as Prometheus writes them: runs of buckets, and each count as what it adds to the last.

/// A gap of so many empty buckets is cheaper to write out than to skip.
const BRIDGED: u32 = 2;

/// The buckets of one histogram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spans {
    pub(crate) spans: Vec<Span>,
    /// For each bucket of the spans, in order.
    pub(crate) deltas: Vec<i64>,
}

/// A run of buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// From the end of the span before; of the first span, the index of its first bucket.
    pub(crate) offset: i32,
    pub(crate) length: u32,
}

impl Spans {
    /// The buckets from the index `first` on.
    pub(crate) fn new(first: i32, counts: &[u64]) -> Self {
        let mut written = Self::default();
        let (mut gap, mut last) = (0, 0);
        for count in counts {
            if *count == 0 {
                gap += 1;
                continue;
            }
            match written.spans.last_mut() {
                Some(span) if gap <= BRIDGED => {
                    span.length += gap + 1;
                    for _ in 0..gap {
                        written.deltas.push(delta(0, &mut last));
                    }
                }
                Some(_) => written.spans.push(Span { offset: gap.cast_signed(), length: 1 }),
                None => {
                    written.spans.push(Span { offset: first.saturating_add(gap.cast_signed()), length: 1 })
                }
            }
            written.deltas.push(delta(*count, &mut last));
            gap = 0;
        }
        written
    }
}

fn delta(count: u64, last: &mut u64) -> i64 {
    // A wrapped difference reads back as the same count.
    count.wrapping_sub(std::mem::replace(last, count)).cast_signed()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(first: i32, counts: &[u64], spans: &[(i32, u32)], deltas: &[i64]) {
        let expected = spans.iter().map(|&(offset, length)| Span { offset, length }).collect();
        assert_eq!(Spans::new(first, counts), Spans { spans: expected, deltas: deltas.to_vec() });
    }

    #[test]
    fn small_gaps_are_written_out_and_large_ones_skipped() {
        check(5, &[], &[], &[]);
        check(-3, &[4], &[(-3, 1)], &[4]);
        check(0, &[1, 3, 2], &[(0, 3)], &[1, 2, -1]);
        check(0, &[1, 0, 0, 2], &[(0, 4)], &[1, -1, 0, 2]);
        check(0, &[1, 0, 0, 0, 2, 2], &[(0, 1), (3, 2)], &[1, 1, 0]);
        check(7, &[0, 0, 0, 1, 0], &[(10, 1)], &[1]);
    }

    proptest! {
        #[test]
        fn buckets_read_back_as_they_were(
            first in -1000..1000,
            counts in prop::collection::vec(prop_oneof![3 => Just(0), 1 => any::<u64>()], 0..60),
        ) {
            let Spans { spans, deltas } = Spans::new(first, &counts);
            let (mut index, mut count) = (0, 0_u64);
            let mut read = Vec::new();
            let mut deltas = deltas.into_iter();
            for Span { offset, length } in spans {
                index += offset;
                for _ in 0..length {
                    count = count.wrapping_add(deltas.next().unwrap_or_default().cast_unsigned());
                    read.push((index, count));
                    index += 1;
                }
            }
            prop_assert_eq!(deltas.next(), None);
            let told = (first..).zip(counts).filter(|(_, count)| *count > 0);
            read.retain(|(_, count)| *count > 0);
            prop_assert_eq!(read, told.collect::<Vec<_>>());
        }
    }
}
