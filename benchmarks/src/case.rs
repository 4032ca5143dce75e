//! One thing to measure.

use crate::{Result, args::Effort, cases};

/// What a case found: each metric with its value.
pub(crate) type Readings = Vec<(&'static str, f64)>;

/// A case, by a name such as `metric/ours-1t`.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The case whose CPU time this one's is a ratio to.
    pub(crate) base: Option<&'static str>,
    /// The share of new traces that is sampled: 1.0 is all of them.
    pub(crate) share: f64,
    run: Box<dyn Fn(Effort) -> Result<Readings>>,
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, run: impl Fn(Effort) -> Result<Readings> + 'static) -> Self {
        Self { name: name.into(), base: None, share: 0.01, run: Box::new(run) }
    }

    /// The same, beside another case.
    pub(crate) fn beside(self, base: &'static str) -> Self {
        Self { base: Some(base), ..self }
    }

    /// The same, with so many traces sampled.
    pub(crate) fn with_share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    pub(crate) fn run(&self, effort: Effort) -> Result<Readings> {
        (self.run)(effort)
    }
}

/// The case of this name.
///
/// # Errors
///
/// There is none.
pub(crate) fn named(name: &str) -> Result<Case> {
    cases::all()
        .into_iter()
        .find(|case| case.name == name)
        .ok_or_else(|| format!("no case is named {name}").into())
}
