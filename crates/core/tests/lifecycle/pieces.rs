//! gRPC-Web in buffers of several pieces, such as a prefix that is chained to its message.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::{Request, Response};
use http_body::{Body, Frame};
use tower_layer::Layer;
use tower_telemetry_core::{Code, Ending, Outcome, SignalExt};
use tower_telemetry_testing::{Recorder, call, read_body, run};

use crate::handler::Handler;

const TYPE: &str = "application/grpc-web+proto";

/// A buffer in pieces, which shows all of them, or only its first as the default of `Buf` does.
#[derive(Debug)]
struct Pieces {
    pieces: VecDeque<Bytes>,
    shows: Shows,
}

#[derive(Debug, Clone, Copy)]
enum Shows {
    All,
    First,
}

impl Pieces {
    fn new(shows: Shows, pieces: &[&'static [u8]]) -> Self {
        Self { pieces: pieces.iter().copied().map(Bytes::from_static).collect(), shows }
    }
}

impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    fn chunk(&self) -> &[u8] {
        self.pieces.front().map_or(&[], |piece| piece)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let shown = match self.shows {
            Shows::All => self.pieces.len(),
            Shows::First => 1,
        };
        let filled = slices.iter_mut().zip(self.pieces.iter().take(shown));
        filled.map(|(slice, piece)| *slice = IoSlice::new(piece)).count()
    }

    fn advance(&mut self, mut count: usize) {
        while let Some(piece) = self.pieces.front_mut() {
            let here = count.min(piece.len());
            piece.advance(here);
            count -= here;
            if !piece.is_empty() {
                return;
            }
            self.pieces.pop_front();
        }
    }
}

/// A body of one buffer after the other.
struct Buffers(VecDeque<Pieces>);

impl Body for Buffers {
    type Data = Pieces;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Pieces>, io::Error>>> {
        Poll::Ready(self.0.pop_front().map(|data| Ok(Frame::data(data))))
    }
}

/// What is told of a gRPC-Web call with these buffers.
fn told(buffers: impl IntoIterator<Item = Pieces>) -> Outcome {
    let mut body = Some(Buffers(buffers.into_iter().collect()));
    let handler = Handler(move |_| {
        let response = Response::builder().header("content-type", TYPE).body(body.take().unwrap());
        async { Ok::<_, io::Error>(response.unwrap()) }
    });
    let recorder = Recorder::<0>::new();
    let mut service = recorder.clone().server().layer(handler);
    let request = Request::post("/a.B/C").header("content-type", TYPE).body(()).unwrap();
    let response = run(call(&mut service, request)).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
    recorder.only_record().outcome
}

#[test]
fn a_status_is_found_in_a_buffer_of_several_pieces() {
    let outcome = told([
        Pieces::new(Shows::All, &[b"\0\0\0\0\x03", b"a", b"bc"]),
        Pieces::new(Shows::All, &[b"\x80\0\0\0\x10", b"grpc-sta", b"tus: 5\r\n"]),
    ]);
    assert_eq!((outcome.ending, outcome.grpc, outcome.sent), (Ending::Complete, Some(Code::NotFound), 29));
}

/// A message whose bytes look like trailers, after a prefix that was not shown.
#[test]
fn a_buffer_that_hides_its_pieces_leaves_the_status_unknown() {
    let outcome = told([
        Pieces::new(Shows::First, &[b"", b"\0\0\0\0\x15"]),
        Pieces::new(Shows::All, &[b"\x80\0\0\0\x10grpc-status: 0\r\n"]),
    ]);
    assert_eq!((outcome.ending, outcome.grpc), (Ending::Complete, Some(Code::Unknown)));
}
