//! The tests that a document names as those that hold a claim.

use super::{Finding, sources::files};
use crate::{Result, workspace};

/// Where claims stand.
const DOCUMENTS: &[&str] = &["docs/security.md", "docs/reliability.md"];
/// The name of a test is a sentence: no other name in backticks has so many words.
const WORDS: usize = 4;

/// Each name of a test that there is not.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let mut named = Vec::new();
    for document in DOCUMENTS {
        let text = workspace::read(document)?;
        named.extend(tests(&text).map(|test| (*document, test.to_owned())));
    }
    for path in files::all()?.iter().filter(|path| path.ends_with(".rs")) {
        let text = workspace::read(path)?;
        named.retain(|(_, test)| !text.contains(&format!("fn {test}(")));
    }
    Ok(named.into_iter().map(|(document, test)| format!("{document}: no test is named {test}")).collect())
}

fn tests(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|name| {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.chars().all(is_name) && name.split('_').count() >= WORDS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_tests_and_other_names_are_not() {
        let text =
            "`a_long_value_is_cut`, `unsafe_code`, `OTEL_A_B_C_D`, `tower_telemetry.a_b_c_d` or a_b_c_d";
        assert_eq!(tests(text).collect::<Vec<_>>(), ["a_long_value_is_cut"]);
    }
}
