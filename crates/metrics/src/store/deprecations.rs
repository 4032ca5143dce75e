//! Metrics that are going away, and when.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::SystemTime;

use tower_telemetry_core::names::metric;

use super::descriptor::{Descriptor, Shape};
use super::family_snapshot::FamilySnapshot;
use super::label::LabelText;
use super::number::Number;

pub(crate) const INFO: Descriptor = Descriptor::of(metric::DEPRECATED_INFO);

const SECONDS_PER_DAY: u64 = 24 * 60 * 60;

/// The end of each deprecated family, by its dotted name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deprecations {
    ends: BTreeMap<String, SystemTime>,
}

impl Deprecations {
    pub(crate) fn set(&mut self, name: &str, until: SystemTime) {
        self.ends.insert(name.to_owned(), until);
    }

    /// The families whose time has come.
    pub(crate) fn over(&self, now: SystemTime) -> impl Iterator<Item = &str> {
        self.ends.iter().filter(move |(_, end)| **end <= now).map(|(name, _)| name.as_str())
    }

    /// Notes in the help of a family that it is going away.
    pub(crate) fn annotate(&self, family: &mut FamilySnapshot) {
        if let Some(end) = self.ends.get(family.descriptor().name()) {
            family.annotate(&format!("(Deprecated: ends on {}.)", date(*end)));
        }
    }

    /// One series for each metric that is still there and will not be.
    pub(crate) fn info(&self, now: SystemTime) -> FamilySnapshot {
        let mut info = FamilySnapshot::new(INFO, Shape::Gauge);
        for (name, end) in self.ends.iter().filter(|(_, end)| **end > now) {
            info.push_label((Cow::Borrowed("name"), LabelText::Owned(name.as_str().into())));
            info.push_label((Cow::Borrowed("until"), LabelText::Owned(date(*end).into())));
            info.push_number(Number::Unsigned(1));
        }
        info
    }
}

/// The day in UTC, as `2027-01-31`. Days before 1970 are told as its first.
fn date(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // Howard Hinnant's civil_from_days: years begin in March, so that the leap day is the last.
    let days = since.as_secs() / SECONDS_PER_DAY + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::{ManualClock, Place, Store};

    #[test]
    fn a_date_is_that_of_the_calendar() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_819, "2027-01-01"),
            (22_339, "2031-03-01"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(days * SECONDS_PER_DAY + 86_399);
            assert_eq!(date(time), expected);
        }
    }

    #[test]
    fn a_deprecated_metric_says_so_and_ends() {
        let time = ManualClock::new(SystemTime::UNIX_EPOCH);
        let store = Store::with_clock(time.clock());
        let old = store.counter_family::<()>(Descriptor::new("shop.old", "", "Old things.")).unwrap();
        old.series(&(), Place::Known).increment();
        store.deprecate("shop.old", SystemTime::UNIX_EPOCH + Duration::from_secs(3 * SECONDS_PER_DAY));

        let snapshot = store.snapshot();
        let help = snapshot.family("shop.old").unwrap().descriptor().help().to_owned();
        assert_eq!(help, "Old things. (Deprecated: ends on 1970-01-04.)");
        let labels = [("name", "shop.old"), ("until", "1970-01-04")];
        assert_eq!(snapshot.value("tower_telemetry.deprecated.info", &labels), Some(1.0));
        assert_eq!(snapshot.value("shop.old", &[]), Some(1.0));

        time.advance(Duration::from_secs(3 * SECONDS_PER_DAY));
        let snapshot = store.snapshot();
        assert!(snapshot.family("shop.old").is_none());
        assert_eq!(snapshot.total("tower_telemetry.deprecated.info", &[]), 0.0);
        assert_eq!(snapshot.value("tower_telemetry.series.refused", &[("family", "shop.old")]), None);
    }
}
