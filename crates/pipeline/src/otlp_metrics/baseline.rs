//! What the collector knows already.

use std::collections::BTreeMap;
use std::time::SystemTime;

use tower_telemetry_metrics::{FamilySnapshot, Label, Series, Snapshot};

/// The last export that arrived. What is told as a difference is one to this: a failed export loses nothing, its
/// differences are part of the next one's.
#[derive(Debug)]
pub(crate) struct Baseline {
    pub(crate) time: SystemTime,
    /// Only where something is told as a difference.
    pub(crate) snapshot: Option<Snapshot>,
}

/// The series of one family as the collector knows them.
#[derive(Debug, Default)]
pub(crate) struct Earlier<'a> {
    time: Option<SystemTime>,
    series: BTreeMap<&'a [Label], Series<'a>>,
}

impl Baseline {
    /// What is known of the family of this name.
    pub(crate) fn family(&self, name: &str) -> Earlier<'_> {
        let family = self.snapshot.as_ref().and_then(|snapshot| snapshot.family(name));
        let series = family.into_iter().flat_map(FamilySnapshot::series);
        Earlier { time: Some(self.time), series: series.map(|series| (series.labels(), series)).collect() }
    }
}

impl<'a> Earlier<'a> {
    /// The same series, and when it looked so. One that was made anew is another: it began at zero.
    pub(crate) fn of(&self, series: &Series<'_>) -> Option<(Series<'a>, SystemTime)> {
        let earlier = self.series.get(series.labels())?;
        (earlier.created() == series.created()).then_some((*earlier, self.time?))
    }
}
