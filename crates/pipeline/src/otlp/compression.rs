//! How a request is packed for its way.

use std::io::Write;

use bytes::Bytes;
use flate2::write::GzEncoder;
use http::HeaderValue;

/// A coding of the body, or of the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Compression {
    #[default]
    None,
    Gzip,
}

impl Compression {
    /// Packs a body, and names the coding that it has then, if any.
    pub(crate) fn pack(self, body: Bytes) -> (Bytes, Option<HeaderValue>) {
        if self == Self::None {
            return (body, None);
        }
        let mut packer = GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::fast());
        match packer.write_all(&body).and_then(|()| packer.finish()) {
            Ok(packed) => (Bytes::from(packed), Some(HeaderValue::from_static("gzip"))),
            // Never: a vector takes whatever it is given.
            Err(_) => (body, None),
        }
    }
}
