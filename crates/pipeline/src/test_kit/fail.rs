//! How an assertion fails.

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
