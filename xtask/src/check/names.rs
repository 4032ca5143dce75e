//! The reference of names is what the table makes of it.

use super::Finding;
use crate::{Result, reference, workspace};

/// Nothing, or that the reference is stale and where.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    // A missing file is as stale as a file can be.
    let written = workspace::read(reference::PATH).unwrap_or_default();
    Ok(stale(&written, &reference::markdown()?).into_iter().collect())
}

fn stale(written: &str, made: &str) -> Option<Finding> {
    if written == made {
        return None;
    }
    let same = written.lines().zip(made.lines()).take_while(|(written, made)| written == made).count();
    Some(format!(
        "{}:{}: is not what the table says; `cargo xtask names --write` writes it anew",
        reference::PATH,
        same + 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_reference_is_found_with_its_line() {
        assert_eq!(stale("a\nb\n", "a\nb\n"), None);
        assert!(stale("a\nb\n", "a\nc\n").is_some_and(|finding| finding.starts_with("docs/names.md:2:")));
        assert!(stale("", "a\n").is_some());
    }
}
