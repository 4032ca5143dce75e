//! How an instrument tells its value to a snapshot.

use super::family_snapshot::FamilySnapshot;

/// Writes one series: its labels are already in `family`, the value closes the row.
pub(crate) trait Read {
    fn read(&self, family: &mut FamilySnapshot);
}
