//! The families that tell how low and how high the gauges of another were.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use super::descriptor::{Descriptor, Extremes, Shape};
use super::family_snapshot::FamilySnapshot;
use super::label::LabelText;
use super::label_table::Named;
use super::number::Number;

/// `NAME.min` and `NAME.max`, if the family is one of gauges that note their extremes.
pub(crate) fn declare(descriptor: &Descriptor, shape: &Shape) -> Option<[Descriptor; 2]> {
    let noted = descriptor.extremes() == Extremes::Noted && *shape == Shape::Gauge;
    let renamed = |suffix, which| {
        let help = format!("{which} of the last minute: {}", descriptor.help());
        descriptor.renamed(format!("{}.{suffix}", descriptor.name()), help).apart()
    };
    noted.then(|| [renamed("min", "Lowest"), renamed("max", "Highest")])
}

/// The companions of one family in a snapshot.
#[derive(Debug)]
pub(crate) struct Companions {
    families: Option<[FamilySnapshot; 2]>,
}

impl Companions {
    pub(crate) fn of(descriptor: &Descriptor, shape: &Shape, keys: &Arc<dyn Named>) -> Self {
        let family = |descriptor| {
            let mut family = FamilySnapshot::new(descriptor, Shape::Gauge);
            family.set_keys(keys);
            family
        };
        Self { families: declare(descriptor, shape).map(|both| both.map(family)) }
    }

    /// Adds a label to the next row of each.
    pub(crate) fn push_label(&mut self, label: impl Fn() -> (Cow<'static, str>, LabelText)) {
        self.families.iter_mut().flatten().for_each(|family| family.push_label(label()));
    }

    /// Adds a row to each.
    pub(crate) fn push(&mut self, extremes: Option<(i64, i64)>, created: SystemTime) {
        let (Some([low, high]), Some((lowest, highest))) = (&mut self.families, extremes) else { return };
        for (family, level) in [(low, lowest), (high, highest)] {
            family.push_number(Number::Signed(level));
            family.mark_created(created);
        }
    }

    pub(crate) fn finish(self, out: &mut dyn FnMut(FamilySnapshot)) {
        self.families.into_iter().flatten().for_each(out);
    }
}
