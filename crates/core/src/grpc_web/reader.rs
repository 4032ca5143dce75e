//! The reader that looks on while a body passes.

use http::HeaderValue;

use crate::grpc::Code;
use crate::grpc_web::base64::{BLOCK, Base64};
use crate::grpc_web::frames::Frames;

/// The media type of a binary body, to which a message format may be added: `application/grpc-web+proto`.
const BINARY: &str = "application/grpc-web";
/// The media type of a base64 body.
const TEXT: &str = "application/grpc-web-text";

/// Finds the gRPC status in the body of a gRPC-Web response as its chunks pass.
///
/// Chunks may be cut anywhere. What is no gRPC-Web body leads to no status: the reader then stops or waits for ever.
#[derive(Clone, Debug)]
pub struct TrailerReader {
    encoding: Encoding,
    frames: Frames,
    messages: u64,
}

impl TrailerReader {
    /// A reader of `application/grpc-web`, the frames as they are.
    #[must_use]
    pub const fn binary() -> Self {
        Self { encoding: Encoding::Binary, frames: Frames::START, messages: 0 }
    }

    /// A reader of `application/grpc-web-text`, the frames in base64.
    ///
    /// Senders encode the body as a whole or piece by piece, each piece with its own padding; both are read.
    #[must_use]
    pub const fn text() -> Self {
        Self { encoding: Encoding::Text(Base64::new()), frames: Frames::START, messages: 0 }
    }

    /// The reader for a response of this `content-type`; `None` if it is not gRPC-Web.
    #[must_use]
    pub fn for_content_type(content_type: &HeaderValue) -> Option<Self> {
        // Parameters (`;`) and message format (`+`) say nothing on the frames.
        let essence =
            content_type.as_bytes().split(|byte| matches!(byte, b';' | b'+' | b' ' | b'\t')).next()?;
        if essence.eq_ignore_ascii_case(BINARY.as_bytes()) {
            Some(Self::binary())
        } else if essence.eq_ignore_ascii_case(TEXT.as_bytes()) {
            Some(Self::text())
        } else {
            None
        }
    }

    /// Looks at the next chunk of the body.
    pub fn read(&mut self, chunk: &[u8]) {
        match &mut self.encoding {
            Encoding::Binary => self.messages += self.frames.read(chunk),
            Encoding::Text(base64) => {
                let mut block = [0; BLOCK];
                for piece in chunk.chunks(BLOCK) {
                    if self.frames.is_final() {
                        return;
                    }
                    let (decoded, result) = base64.decode(piece, &mut block);
                    self.messages += self.frames.read(decoded);
                    if result.is_err() && !self.frames.is_final() {
                        self.frames = Frames::Stopped;
                    }
                }
            }
        }
    }

    /// The status in the trailers, once they are [complete](Self::is_complete).
    ///
    /// `None` also if they hold none or are compressed. A value that is no code is [`Code::Unknown`]; of several lines
    /// the first counts.
    #[must_use]
    pub const fn status(&self) -> Option<Code> {
        match self.frames {
            Frames::Complete { status } => status,
            _ => None,
        }
    }

    /// How many messages have passed whole; `None` if the body is no gRPC-Web body.
    #[must_use]
    pub const fn messages(&self) -> Option<u64> {
        match self.frames {
            Frames::Stopped => None,
            _ => Some(self.messages),
        }
    }

    /// Whether the whole frame of trailers has passed.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        matches!(self.frames, Frames::Complete { .. })
    }
}

#[derive(Clone, Debug)]
enum Encoding {
    Binary,
    Text(Base64),
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::grpc_web::scenario::{any_body, base64, cut, told};

    #[test]
    fn a_reader_keeps_a_few_bytes_whatever_the_body() {
        assert!(size_of::<TrailerReader>() <= 32, "{}", size_of::<TrailerReader>());
    }

    #[test]
    fn the_content_type_chooses_the_reader() {
        let encoding = |content_type: &'static str| {
            let reader = TrailerReader::for_content_type(&HeaderValue::from_static(content_type))?;
            Some(matches!(reader.encoding, Encoding::Text(_)))
        };
        for binary in ["", "+proto", "+json", ";charset=utf-8", " ; a=b", "+proto;x"] {
            let content_type = format!("application/grpc-web{binary}").leak();
            assert_eq!(encoding(content_type), Some(false), "{content_type}");
            let content_type = format!("Application/GRPC-Web-Text{binary}").leak();
            assert_eq!(encoding(content_type), Some(true), "{content_type}");
        }
        for other in
            ["", "application/grpc", "application/grpc+proto", "application/grpc-website", "text/html"]
        {
            assert_eq!(encoding(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_body_tells_its_status_however_it_is_cut(body in any_body(), cuts: Vec<usize>) {
            let bytes = body.frames.concat();
            prop_assert_eq!(told(TrailerReader::binary(), cut(&bytes, &cuts)), (true, body.status));
            prop_assert_eq!(told(TrailerReader::binary(), bytes.chunks(1)), (true, body.status));
        }

        #[test]
        fn a_text_body_tells_its_status_however_it_is_encoded_and_cut(
            body in any_body(), pieces: Vec<usize>, cuts: Vec<usize>,
        ) {
            let bytes = body.frames.concat();
            let encoded: String = cut(&bytes, &pieces).into_iter().map(base64).collect();
            prop_assert_eq!(told(TrailerReader::text(), cut(encoded.as_bytes(), &cuts)), (true, body.status));
            prop_assert_eq!(told(TrailerReader::text(), encoded.as_bytes().chunks(1)), (true, body.status));
        }

        #[test]
        fn arbitrary_bytes_say_the_same_however_they_are_cut(bytes: Vec<u8>, cuts: Vec<usize>) {
            for reader in [TrailerReader::binary(), TrailerReader::text()] {
                let whole = told(reader.clone(), [&bytes[..]]);
                prop_assert_eq!(told(reader, cut(&bytes, &cuts)), whole);
            }
        }

        #[test]
        fn almost_base64_says_the_same_however_it_is_cut(text in "(gAAAA|[A-Za-z0-9+/]{0,9}|={0,3}|!?){0,99}", cuts: Vec<usize>) {
            let whole = told(TrailerReader::text(), [text.as_bytes()]);
            prop_assert_eq!(told(TrailerReader::text(), cut(text.as_bytes(), &cuts)), whole);
        }
    }
}
