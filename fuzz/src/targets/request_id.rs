//! The id of a request: taken as it is, or not at all.

use http::HeaderValue;
use tower_telemetry_core::RequestId;

pub(crate) fn run(data: &[u8]) {
    let is_fit = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let is_valid = (1..=RequestId::MAX_LEN).contains(&data.len()) && data.iter().all(is_fit);
    let text = str::from_utf8(data).ok();
    let new = text.and_then(RequestId::new);
    let read = HeaderValue::from_bytes(data).ok().and_then(|value| RequestId::from_header(&value));
    assert_eq!((new.is_some(), read.is_some()), (is_valid, is_valid));
    for id in [new, read].into_iter().flatten() {
        assert_eq!((Some(id.as_str()), id.header_value().as_bytes()), (text, data));
    }
}
