//! The samples of one family, group by group.

use std::collections::HashSet;

use super::error::Result;
use super::family::{Kind, Labels, Sample};

/// Which groups a family has had.
///
/// A group is what has the same labels but for the bucket, the quantile or the state: it stands together, and
/// goes forward in time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    current: Option<Group>,
    seen: HashSet<Labels>,
}

/// What becomes of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    /// It was there before, at the same time.
    Dropped,
}

#[derive(Clone, Debug)]
struct Group {
    labels: Labels,
    timestamp: Option<f64>,
    /// The samples at this time.
    told: HashSet<(String, Labels)>,
}

impl Groups {
    pub(crate) fn admit(&mut self, kind: Kind, family: &str, sample: &Sample) -> Result<Fate> {
        let labels = labels(kind, family, sample);
        let Some(group) = self.current.as_mut().filter(|group| group.labels == labels) else {
            if !self.seen.insert(labels.clone()) {
                return Err("a group of samples comes back after another");
            }
            let told = HashSet::from([(sample.name.clone(), sample.labels.clone())]);
            self.current = Some(Group { labels, timestamp: sample.timestamp, told });
            return Ok(Fate::Kept);
        };
        match (group.timestamp, sample.timestamp) {
            (None, Some(_)) | (Some(_), None) => {
                return Err("some samples of a group have a time, others have none");
            }
            // All infos are one group, and their times are their own.
            (Some(last), Some(this)) if this < last && kind != Kind::Info => {
                return Err("time goes backwards");
            }
            (last, this) if last != this => group.told.clear(),
            _ => {}
        }
        group.timestamp = sample.timestamp;
        match (group.told.insert((sample.name.clone(), sample.labels.clone())), sample.timestamp) {
            (true, _) => Ok(Fate::Kept),
            (false, Some(_)) => Ok(Fate::Dropped),
            (false, None) => Err("a sample is given twice"),
        }
    }
}

/// The labels that make a group.
pub(crate) fn labels(kind: Kind, family: &str, sample: &Sample) -> Labels {
    let mut labels = sample.labels.clone();
    let own = match kind {
        Kind::Info => return Labels::new(),
        Kind::StateSet => family,
        Kind::Summary if sample.name == family => "quantile",
        Kind::Histogram | Kind::GaugeHistogram if sample.name.ends_with("_bucket") => "le",
        _ => return labels,
    };
    labels.remove(own);
    labels
}
