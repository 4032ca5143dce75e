//! Rules of the workspace that no compiler knows.

mod claims;
mod configuration;
mod deps;
mod names;
mod semconv;
mod sources;

use crate::Result;

/// A group of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// The reference of names is current.
    Names,
    /// What the table takes from the semantic conventions is what they say.
    Semconv,
    /// What can be chosen is told.
    Configuration,
    /// Each crate depends on what it may.
    Deps,
    /// What may stand in a file, and where.
    Sources,
    /// The tests that documents name are there.
    Claims,
}

/// One break of a rule, as a sentence.
type Finding = String;

impl Check {
    /// All of them, the quick first.
    pub(crate) const ALL: &[Self] =
        &[Self::Names, Self::Semconv, Self::Configuration, Self::Sources, Self::Claims, Self::Deps];

    /// The check of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Semconv => "semconv",
            Self::Configuration => "configuration",
            Self::Deps => "deps",
            Self::Sources => "sources",
            Self::Claims => "claims",
        }
    }

    fn findings(self) -> Result<Vec<Finding>> {
        match self {
            Self::Names => names::findings(),
            Self::Semconv => semconv::findings(),
            Self::Configuration => configuration::findings(),
            Self::Deps => deps::findings(),
            Self::Sources => sources::findings(),
            Self::Claims => claims::findings(),
        }
    }
}

/// Runs these checks, all of them, and shows what they find.
///
/// # Errors
///
/// There were findings; that a check could not be made is one.
pub(crate) fn run(checks: &[Check]) -> Result {
    let mut found = 0;
    for check in checks {
        // A check that cannot be made does not hide what the others find.
        let findings = check.findings().unwrap_or_else(|error| vec![error.to_string()]);
        println!("check {}: {}", check.name(), if findings.is_empty() { "ok" } else { "FAILED" });
        for finding in &findings {
            println!("  {finding}");
        }
        found += findings.len();
    }
    if found == 0 { Ok(()) } else { Err(format!("{found} findings").into()) }
}
