//! Every manifest takes the lints of the workspace.

use super::Finding;

/// That a manifest of a package has lints of its own, or none.
pub(crate) fn finding(path: &str, text: &str) -> Option<Finding> {
    // A workspace of its own has lints of its own.
    let is_member = path.ends_with("/Cargo.toml") && !text.contains("[workspace]");
    (is_member && !text.contains("[lints]\nworkspace = true\n"))
        .then(|| format!("{path}: does not take the lints of the workspace"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_without_the_lints_is_found() {
        assert_eq!(finding("crates/a/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n"), None);
        assert_eq!(finding("Cargo.toml", "[workspace]\n"), None);
        assert_eq!(finding("fuzz/Cargo.toml", "[workspace]\n[package]\n"), None);
        assert!(finding("crates/a/Cargo.toml", "[package]\n").is_some());
    }
}
