//! The oldest compiler that is promised, beside what the dependencies claim.

use super::Finding;
use crate::metadata::Package;

/// Each package that claims to need a newer compiler than the workspace promises.
pub(crate) fn findings(packages: &[Package], manifest: &str) -> Vec<Finding> {
    let Some(promised) = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")) else {
        return vec!["Cargo.toml promises no rust-version".to_owned()];
    };
    let promised = promised.trim_matches('"');
    packages
        .iter()
        .filter_map(|Package { name, version, rust_version, .. }| {
            let needed = rust_version.as_deref()?;
            (numbers(needed) > numbers(promised))
                .then(|| format!("{name} {version} needs Rust {needed}, but {promised} is promised"))
        })
        .collect()
}

fn numbers(version: &str) -> Vec<u64> {
    let mut numbers: Vec<u64> = version.split('.').map(|number| number.parse().unwrap_or(0)).collect();
    // 1.89 and 1.89.0 are the same compiler.
    numbers.resize(3, 0);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needing(version: &str) -> Vec<Package> {
        vec![Package {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            folder: None,
            rust_version: Some(version.to_owned()),
            dependencies: Vec::new(),
        }]
    }

    #[test]
    fn a_dependency_may_not_need_a_newer_compiler() {
        const MANIFEST: &str = "[workspace.package]\nrust-version = \"1.89\"\n";
        for fine in ["1.9", "1.88.1", "1.89", "1.89.0"] {
            assert!(findings(&needing(fine), MANIFEST).is_empty(), "{fine}");
        }
        for new in ["1.89.1", "1.90", "1.100.0"] {
            assert_eq!(findings(&needing(new), MANIFEST).len(), 1, "{new}");
        }
        assert_eq!(findings(&[], "").len(), 1);
    }
}
