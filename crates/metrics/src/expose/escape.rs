//! Texts that may hold anything, kept within their line.

/// Appends what stands in quotes, a label value or a name: backslash, double quote and line feed are escaped. So
/// they are in a help text of OpenMetrics.
pub(crate) fn quoted(text: &str, out: &mut String) {
    escape(text, &['\\', '"', '\n'], out);
}

/// Appends a help text of text 0.0.4: backslash and line feed are escaped, a quote is not.
pub(crate) fn help(text: &str, out: &mut String) {
    escape(text, &['\\', '\n'], out);
}

fn escape(text: &str, special: &[char], out: &mut String) {
    // Nearly every text is clean, and a look at its bytes costs a fraction of a search by characters; one without a
    // way out, a fraction of that.
    let is_special = |byte| byte == b'\\' || byte == b'"' || byte == b'\n';
    if !text.bytes().fold(false, |found, byte| found | is_special(byte)) {
        out.push_str(text);
        return;
    }
    for part in text.split_inclusive(special) {
        let Some(last) = part.chars().next_back().filter(|last| special.contains(last)) else {
            out.push_str(part);
            continue;
        };
        out.push_str(part.strip_suffix(last).unwrap_or(part));
        out.push('\\');
        out.push(if last == '\n' { 'n' } else { last });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_within_its_quotes() {
        let mut out = String::new();
        quoted("a\\b\"c\nd\r\te\u{1f980}", &mut out);
        assert_eq!(out, "a\\\\b\\\"c\\nd\r\te\u{1f980}");
    }

    #[test]
    fn a_help_text_stays_on_its_line() {
        let mut out = String::new();
        help("\na \"quoted\" \\ text\n", &mut out);
        assert_eq!(out, "\\na \"quoted\" \\\\ text\\n");
    }
}
