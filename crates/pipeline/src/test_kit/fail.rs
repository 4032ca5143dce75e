//! How an assertion fails.

use std::fmt::Display;

/// Fails with a sentence.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub(super) fn fail(sentence: &str) -> ! {
    panic!("{sentence}")
}

/// What there is, one on a line, behind a sentence that says of what.
pub(super) fn listed(items: impl IntoIterator<Item = String>, none: &str) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| format!("\n  {item}")).collect();
    if items.is_empty() {
        return format!(" {none}");
    }
    items.sort();
    items.concat()
}

/// Asserts that what `told` has under the key is this text; `list` says all that it has.
#[track_caller]
pub(super) fn assert_has(
    told: &impl Display,
    key: &str,
    found: Option<String>,
    expected: &str,
    list: impl FnOnce() -> String,
) {
    match found {
        Some(found) if found == expected => {}
        Some(found) => fail(&format!("{told} has {key}={found:?}, not {expected:?}; it has:{}", list())),
        None => fail(&format!("{told} has no {key}, which was to be {expected:?}; it has:{}", list())),
    }
}

/// Asserts that `told` has nothing under the key.
#[track_caller]
pub(super) fn assert_has_no(told: &impl Display, key: &str, found: Option<String>) {
    if let Some(found) = found {
        fail(&format!("{told} has {key}={found:?}, which was to be absent"));
    }
}
