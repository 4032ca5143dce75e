//! What may stand in a file, and where.

pub(super) mod files;
mod lines;
mod manifests;
mod rules;

use super::Finding;
use crate::{Result, workspace};

/// The paths of all texts that people write.
pub(crate) fn paths() -> Result<Vec<String>> {
    files::all()
}

/// Each line that breaks a rule.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files::all()? {
        let text = workspace::read(&path)?;
        findings.extend(rules::findings(&path, &text));
        findings.extend(manifests::finding(&path, &text));
    }
    Ok(findings)
}
