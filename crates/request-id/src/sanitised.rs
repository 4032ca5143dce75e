//! A caller's id that was not taken, made harmless.

use tower_telemetry_core::RequestId;

/// The first [`RequestId::MAX_LEN`] bytes, with `_` for each that no id has; nothing for an empty id.
///
/// What was sent is a note beside the id of the exchange, for whoever looks for it; it never becomes an id.
pub(crate) fn sanitised(id: &[u8]) -> Option<String> {
    let harmless = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let chars =
        id.iter().take(RequestId::MAX_LEN).map(|byte| if harmless(byte) { *byte as char } else { '_' });
    Some(chars.collect()).filter(|text: &String| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_kept_as_far_as_it_is_harmless() {
        let kept = |id: &[u8]| sanitised(id);
        assert_eq!(kept(b"req-1_2.3").as_deref(), Some("req-1_2.3"));
        assert_eq!(kept(b"a\"b\x1b[31m\r\n\0c").as_deref(), Some("a_b__31m___c"));
        assert_eq!(kept("é\u{202e}".as_bytes()).as_deref(), Some("_____"));
        assert_eq!(kept(&[b'x'; 8_192]).map(|text| text.len()), Some(RequestId::MAX_LEN));
        assert_eq!(kept(b""), None);
    }

    #[test]
    fn whatever_was_sent_what_is_kept_is_fit_to_be_an_id() {
        for byte in 0..=u8::MAX {
            let kept = sanitised(&[byte; 3]);
            assert!(kept.is_some_and(|kept| RequestId::new(&kept).is_some()), "{byte}");
        }
    }
}
