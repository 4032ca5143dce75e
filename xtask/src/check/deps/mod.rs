//! Each crate depends on what it may.

mod direct;
mod lock;
mod msrv;
mod tree;

use super::Finding;
use crate::{Result, metadata, workspace};

/// Each dependency that stands where it may not, or twice.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let packages = metadata::packages()?;
    let manifest = workspace::read("Cargo.toml")?;
    let mut findings = tree::findings()?;
    findings.extend(direct::findings(&packages));
    findings.extend(lock::findings(&packages));
    findings.extend(msrv::findings(&packages, &manifest));
    Ok(findings)
}
