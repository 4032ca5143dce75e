//! The optional white space that HTTP allows around a value.

/// Strips the optional white space of RFC 9110: spaces and tabs, and nothing else.
pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
