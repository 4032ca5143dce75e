//! What is to be done at one response head.

use std::num::NonZeroU64;

/// A set of what is to be done at one response head; never empty.
///
/// One word: with the header beside it an observer moves in two registers. A contract and a trust are a byte for each choice,
/// and whoever moves them as words waits for the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Duties(NonZeroU64);

impl Duties {
    /// For there is always one.
    pub(crate) const NOTHING: Self = Self::numbered(0);
    /// The id is written.
    pub(crate) const ID: Self = Self::numbered(1);
    /// There is a contract.
    pub(crate) const CONTRACT: Self = Self::numbered(2);
    pub(crate) const TRACE_TIMING: Self = Self::numbered(3);
    pub(crate) const HEAD_TIMING: Self = Self::numbered(4);
    pub(crate) const RESPONSE_TIME: Self = Self::numbered(5);
    pub(crate) const CACHE_STATUS: Self = Self::numbered(6);
    pub(crate) const TRACE_ID: Self = Self::numbered(7);
    pub(crate) const TRACERESPONSE: Self = Self::numbered(8);
    /// Pages of other origins may read the headers, if they may read the response.
    pub(crate) const EXPOSE_WITH_RESPONSE: Self = Self::numbered(9);
    /// They may in any case: such a page asked.
    pub(crate) const EXPOSE: Self = Self::numbered(10);

    const fn numbered(number: u32) -> Self {
        match NonZeroU64::new(1 << number) {
            Some(word) => Self(word),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// These and the other ones.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of the other ones is among these.
    pub(crate) fn meet(self, other: Self) -> bool {
        self.0.get() & other.0.get() != 0
    }

    /// Whether all of the other ones are among these.
    pub(crate) const fn include(self, other: Self) -> bool {
        self.0.get() & other.0.get() == other.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duty_is_one_of_its_own() {
        let duties = [
            Duties::NOTHING,
            Duties::ID,
            Duties::CONTRACT,
            Duties::TRACE_TIMING,
            Duties::HEAD_TIMING,
            Duties::RESPONSE_TIME,
            Duties::CACHE_STATUS,
            Duties::TRACE_ID,
            Duties::TRACERESPONSE,
            Duties::EXPOSE_WITH_RESPONSE,
            Duties::EXPOSE,
        ];
        for (i, one) in duties.into_iter().enumerate() {
            for (j, other) in duties.into_iter().enumerate() {
                assert_eq!(one.include(other), i == j, "{one:?} {other:?}");
                assert_eq!(one.meet(other), i == j, "{one:?} {other:?}");
                assert!(one.and(other).include(one));
            }
        }
    }
}
