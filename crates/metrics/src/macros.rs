//! What the code that `label!` and `labels!` write needs, at compile time.

pub use tower_telemetry_core::Label;

/// Stops the compiler at a name or a text that no label can have.
#[allow(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a constant, a panic is an error of the compiler"
)]
pub const fn check(name: &str, texts: &[&str]) {
    check_names(&[name]);
    let mut at = 0;
    while at < texts.len() {
        assert!(!texts[at].is_empty(), "an empty text is no value: Prometheus cannot tell it from no label");
        let mut earlier = 0;
        while earlier < at {
            assert!(!is_same(texts[earlier], texts[at]), "a text stands twice");
            earlier += 1;
        }
        at += 1;
    }
}

/// Stops the compiler at names that no labels can have.
#[allow(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a constant, a panic is an error of the compiler"
)]
pub const fn check_names(names: &[&str]) {
    let mut at = 0;
    while at < names.len() {
        assert!(
            is_name(names[at].as_bytes()),
            "a label's name is made of letters, digits, underscores and dots, and begins with a letter"
        );
        let mut earlier = 0;
        while earlier < at {
            assert!(!is_same(names[earlier], names[at]), "a name stands twice");
            earlier += 1;
        }
        at += 1;
    }
}

/// The length of [`snake`].
#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
pub const fn snake_length(camel: &str) -> usize {
    let camel = camel.as_bytes();
    let (mut at, mut length) = (0, camel.len());
    while at < camel.len() {
        length += begins_word(camel, at) as usize;
        at += 1;
    }
    length
}

/// `UserTier` as `user_tier`.
#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
pub const fn snake<const N: usize>(camel: &str) -> [u8; N] {
    let camel = camel.as_bytes();
    let mut snake = [b'_'; N];
    let (mut at, mut to) = (0, 0);
    while at < camel.len() {
        to += begins_word(camel, at) as usize;
        snake[to] = camel[at].to_ascii_lowercase();
        (at, to) = (at + 1, to + 1);
    }
    snake
}

/// The bytes as a text.
pub const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // Which `check` refuses.
        Err(_) => "",
    }
}

#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
const fn begins_word(camel: &[u8], at: usize) -> bool {
    at > 0 && camel[at].is_ascii_uppercase() && !camel[at - 1].is_ascii_uppercase()
}

#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
const fn is_name(name: &[u8]) -> bool {
    let mut at = 0;
    while at < name.len() {
        let byte = name[at];
        if !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.') {
            return false;
        }
        at += 1;
    }
    !name.is_empty() && name[0].is_ascii_alphabetic()
}

#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_type_gives_its_label_a_name() {
        for (camel, expected) in
            [("UserTier", "user_tier"), ("Region", "region"), ("HTTPVersion", "httpversion")]
        {
            let written: [u8; 11] = snake_padded(camel);
            assert_eq!(text(written.get(..snake_length(camel)).unwrap_or_default()), expected);
        }
    }

    fn snake_padded(camel: &str) -> [u8; 11] {
        snake(camel)
    }

    #[test]
    fn a_name_is_one_that_prometheus_takes() {
        for name in ["tier", "user_tier", "cloud.region", "a1"] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for name in ["", "1st", "_tier", ".a", "user tier", "a\"b", "\u{e4}"] {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
    }
}
