//! What may stand in a file, and where.

pub(super) mod files;
mod lines;
mod manifests;
mod rules;

use super::Finding;
use crate::{Result, workspace};

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
