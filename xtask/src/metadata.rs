//! The packages as cargo knows them.

use std::path::Path;

use serde_json::Value;

use crate::{
    Result,
    process::{self, cargo},
};

/// A package, of the workspace or from outside.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The folder of its manifest from the root of the workspace, such as `crates/core`; none for those from outside.
    pub(crate) folder: Option<String>,
    /// The oldest compiler that it claims to build with.
    pub(crate) rust_version: Option<String>,
    /// What it names in `[dependencies]` (of any target, optional or not).
    pub(crate) dependencies: Vec<String>,
}

impl Package {
    /// Whether it is one of the crates that users build.
    pub(crate) fn is_library(&self) -> bool {
        self.folder.as_deref().is_some_and(|folder| folder.starts_with("crates/"))
    }
}

/// All packages that the lock file pins, for every target.
///
/// # Errors
///
/// The lock file is stale, or cargo answers something unexpected.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let text =
        process::stdout(&mut cargo(["metadata", "--format-version", "1", "--locked", "--all-features"]))?;
    parse(&text)
}

fn parse(text: &str) -> Result<Vec<Package>> {
    let value: Value = serde_json::from_str(text)?;
    let root = string(&value, "workspace_root").ok_or("cargo metadata names no workspace root")?;
    let packages =
        value.get("packages").and_then(Value::as_array).ok_or("cargo metadata names no packages")?;
    Ok(packages.iter().filter_map(|package| read(package, Path::new(&root))).collect())
}

fn read(package: &Value, root: &Path) -> Option<Package> {
    let inside = package.get("source").is_none_or(Value::is_null);
    let manifest = string(package, "manifest_path")?;
    let folder = Path::new(&manifest).parent().and_then(|folder| folder.strip_prefix(root).ok());
    let dependencies = package.get("dependencies")?.as_array()?.iter();
    Some(Package {
        name: string(package, "name")?,
        version: string(package, "version")?,
        folder: folder.filter(|_| inside).map(|folder| folder.to_string_lossy().into_owned()),
        rust_version: string(package, "rust_version"),
        dependencies: dependencies
            .filter(|dependency| dependency.get("kind").is_some_and(Value::is_null))
            .filter_map(|dependency| string(dependency, "name"))
            .collect(),
    })
}

fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_package_tells_its_folder_and_what_it_needs() {
        let packages = parse(
            r#"{"workspace_root": "/w", "packages": [
                {"name": "inside", "version": "0.1.0", "source": null, "manifest_path": "/w/crates/core/Cargo.toml",
                 "rust_version": "1.89", "dependencies": [
                    {"name": "http", "kind": null}, {"name": "proptest", "kind": "dev"}, {"name": "protox", "kind": "build"}]},
                {"name": "outside", "version": "2.0.0", "source": "registry+x", "manifest_path": "/w/vendor/Cargo.toml",
                 "rust_version": null, "dependencies": []}]}"#,
        )
        .unwrap();
        assert_eq!(packages[0].folder.as_deref(), Some("crates/core"));
        assert!(packages[0].is_library());
        assert_eq!(packages[0].rust_version.as_deref(), Some("1.89"));
        assert_eq!(packages[0].dependencies, ["http"]);
        assert_eq!((packages[1].folder.as_deref(), packages[1].is_library()), (None, false));
    }
}
