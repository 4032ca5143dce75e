//! The files that people write.

use std::{fs, path::Path};

use crate::{Result, workspace};

/// Folders that tools write, and copies that are not ours to change.
const LEFT_OUT: &[&str] = &[".git", "target", "tests/data", "benchmarks/target", "fuzz/target"];
const ENDINGS: &[&str] = &["rs", "md", "toml", "proto", "yaml", "yml"];
/// Without an ending, and ours all the same.
const NAMES: &[&str] = &["justfile", "run"];

/// The paths of all texts, from the root of the workspace, with `/`, in order.
pub(crate) fn all() -> Result<Vec<String>> {
    let mut files = Vec::new();
    collect("", &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &str, files: &mut Vec<String>) -> Result {
    for entry in fs::read_dir(workspace::path(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && !LEFT_OUT.contains(&path.as_str()) && !name.starts_with("mutants.out") {
            collect(&path, files)?;
        } else if kind.is_file() && is_text(&name) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_text(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    NAMES.contains(&name) || ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn this_very_file_is_among_them_and_copies_are_not() {
        let files = all().unwrap();
        assert!(files.iter().any(|path| path == "xtask/src/check/sources/files.rs"));
        assert!(!files.iter().any(|path| path.starts_with("tests/data/") || path.starts_with("target/")));
    }
}
