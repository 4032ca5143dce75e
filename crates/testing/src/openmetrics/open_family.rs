//! A family whose lines are coming.

use super::error::Result;
use super::family::{Family, Kind, Sample};
use super::groups::{Fate, Groups};
use super::metadata::Says;
use super::{histogram, rules};

/// What has been read of a family.
#[derive(Clone, Debug)]
pub(crate) struct OpenFamily {
    name: String,
    kind: Option<Kind>,
    unit: Option<String>,
    help: Option<String>,
    samples: Vec<Sample>,
    groups: Groups,
}

impl OpenFamily {
    pub(crate) fn new(name: String) -> Self {
        Self { name, kind: None, unit: None, help: None, samples: Vec::new(), groups: Groups::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind.unwrap_or_default()
    }

    /// What the sample adds to the name, if it is one of the family.
    pub(crate) fn suffix_of(&self, sample: &Sample) -> Option<&'static str> {
        let suffix = sample.name.strip_prefix(self.name.as_str())?;
        self.kind().suffixes().iter().find(|own| **own == suffix).copied()
    }

    pub(crate) fn say(&mut self, says: Says) -> Result {
        if !self.samples.is_empty() {
            return Err("metadata comes after samples");
        }
        let is_repeated = match says {
            Says::Help(help) => self.help.replace(help).is_some(),
            Says::Type(kind) => self.kind.replace(kind).is_some(),
            Says::Unit(unit) => self.unit.replace(unit).is_some(),
        };
        if is_repeated { Err("metadata is given twice") } else { Ok(()) }
    }

    pub(crate) fn push(&mut self, suffix: &str, sample: Sample) -> Result {
        rules::check(self.kind(), &self.name, suffix, &sample)?;
        if self.groups.admit(self.kind(), &self.name, &sample)? == Fate::Kept {
            self.samples.push(sample);
        }
        Ok(())
    }

    pub(crate) fn close(self) -> Result<Family> {
        let kind = self.kind();
        let Self { name, kind: _, unit, help, samples, groups: _ } = self;
        let family =
            Family { name, kind, unit: unit.unwrap_or_default(), help: help.unwrap_or_default(), samples };
        if !family.unit.is_empty() {
            let rest = family.name.strip_suffix(family.unit.as_str());
            if !rest.is_some_and(|rest| rest.ends_with('_')) {
                return Err("the unit is not the last word of the name");
            }
            if matches!(kind, Kind::Info | Kind::StateSet) {
                return Err("what has no number has a unit");
            }
        }
        if kind.has_buckets() {
            histogram::check(&family)?;
        }
        Ok(family)
    }
}
