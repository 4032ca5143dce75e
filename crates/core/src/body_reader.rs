//! What is read of a body while it passes: the messages of gRPC, the trailers of gRPC-Web.

use std::io::IoSlice;

use bytes::Buf;
use http::{HeaderMap, header};

use crate::grpc::{Code, MessageCounter};
use crate::grpc_web::TrailerReader;
use crate::protocol::Protocol;

/// A chunk in more pieces than this is not read.
const PIECES_MAX: usize = 16;

/// Reads on in a body of one protocol, and takes no byte of it.
#[derive(Debug)]
pub(crate) enum BodyReader {
    /// There is nothing to read, or it is lost.
    Nothing,
    Grpc(MessageCounter),
    // Boxed, since all responses are moved with room for it.
    Web(Box<TrailerReader>),
}

impl BodyReader {
    /// The reader of a body that stands behind this head.
    pub(crate) fn of(protocol: Protocol, headers: &HeaderMap) -> Self {
        match protocol {
            Protocol::Http => Self::Nothing,
            Protocol::Grpc => Self::Grpc(MessageCounter::new()),
            Protocol::GrpcWeb => headers
                .get(header::CONTENT_TYPE)
                .and_then(TrailerReader::for_content_type)
                .map_or(Self::Nothing, |reader| Self::Web(Box::new(reader))),
        }
    }

    pub(crate) fn read(&mut self, data: &impl Buf) {
        match self {
            Self::Nothing => return,
            _ if data.chunk().len() == data.remaining() => return self.piece(data.chunk()),
            Self::Grpc(_) | Self::Web(_) => {}
        }
        let mut pieces = [IoSlice::new(&[]); PIECES_MAX];
        let count = data.chunks_vectored(&mut pieces);
        let pieces = pieces.get(..count).unwrap_or_default();
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() < data.remaining() {
            // With a piece missing, message bytes could be taken for the head of a frame.
            *self = Self::Nothing;
            return;
        }
        pieces.iter().for_each(|piece| self.piece(piece));
    }

    /// How many messages have passed, if that is known.
    pub(crate) const fn messages(&self) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Grpc(counter) => counter.messages(),
            Self::Web(reader) => reader.messages(),
        }
    }

    /// The status that stood in the body.
    pub(crate) const fn status(&self) -> Option<Code> {
        match self {
            Self::Web(reader) => reader.status(),
            Self::Nothing | Self::Grpc(_) => None,
        }
    }

    /// Whether the body has said that it is over.
    pub(crate) const fn is_complete(&self) -> bool {
        match self {
            Self::Web(reader) => reader.is_complete(),
            Self::Nothing | Self::Grpc(_) => false,
        }
    }

    fn piece(&mut self, piece: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::Grpc(counter) => counter.read(piece),
            Self::Web(reader) => reader.read(piece),
        }
    }
}
