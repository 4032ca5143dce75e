//! How an instrument tells its value to a snapshot.

use super::family_snapshot::FamilySnapshot;

/// Writes one series: its labels are already in `family`, the value closes the row.
pub(crate) trait Read {
    fn read(&self, family: &mut FamilySnapshot);

    /// The lowest and the highest value of the last minute, for those that note them.
    fn extremes(&self) -> Option<(i64, i64)> {
        None
    }

    /// A number that a recording changes: by it a sweep tells a series that rests.
    fn mark(&self) -> u64;
}
