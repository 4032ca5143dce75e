//! Reads the labels of a stream, as strictly as Loki.

/// Names and values of `{a="b", c="d"}`; `None` if it is none, or a name stands twice.
pub(crate) fn labels(text: &str) -> Option<Vec<(String, String)>> {
    let mut rest = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut labels: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let (name, value) = rest.split_once("=\"")?;
        let mut first = name.chars();
        let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
        if !first.next().is_some_and(is_first) || !first.all(|c| is_first(c) || c.is_ascii_digit()) {
            return None;
        }
        let (value, behind) = unquoted(value)?;
        if labels.iter().any(|(standing, _)| standing == name) {
            return None;
        }
        labels.push((name.to_owned(), value));
        rest = match behind.strip_prefix(", ") {
            Some(more) if !more.is_empty() => more,
            None if behind.is_empty() => behind,
            _ => return None,
        };
    }
    Some(labels)
}

/// Up to the closing quote, by the rules of Go.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\n' => return None,
            '\\' => match chars.next()? {
                'n' => value.push('\n'),
                'u' => {
                    let (digits, rest) = chars.as_str().split_at_checked(4)?;
                    value.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                    chars = rest.chars();
                }
                c @ ('"' | '\\') => value.push(c),
                _ => return None,
            },
            c => value.push(c),
        }
    }
}
