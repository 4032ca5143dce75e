//! A page in pieces.

use super::format::{Format, Syntax};
use super::page::{self, Place};
use super::protobuf;
use crate::store::Snapshot;

/// How long a piece gets, in bytes: small enough that an allocator keeps its memory for the next one, where that of a
/// whole page is fetched from the system and given back, page fault by page fault.
const ENOUGH: usize = 64 * 1024;

/// Writes the snapshot in pieces of about 64 KiB, which together are what [`encode`](super::encode) appends: a server
/// can send one while the next is written, and needs no memory for the page.
///
/// ```
/// use tower_telemetry_metrics::{Store, expose};
///
/// let snapshot = Store::new().snapshot();
/// let mut page = Vec::new();
/// expose::encode(&snapshot, expose::Format::TEXT, &mut page);
/// assert_eq!(expose::pieces(snapshot, expose::Format::TEXT).collect::<Vec<_>>().concat(), page);
/// ```
///
/// In protobuf a family is a message and is in one piece, however long. Never panics.
pub fn pieces(snapshot: Snapshot, format: Format) -> Pieces {
    Pieces { snapshot, format, place: Place::default(), family: 0 }
}

/// An iterator over the pieces of a page; made by [`pieces`]. No piece is empty.
#[derive(Clone, Debug)]
pub struct Pieces {
    snapshot: Snapshot,
    format: Format,
    /// In text.
    place: Place,
    /// In protobuf.
    family: usize,
}

impl Iterator for Pieces {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let piece = match self.format.syntax() {
            Syntax::Protobuf => self.next_messages(),
            Syntax::Text0 | Syntax::Text1 | Syntax::OpenMetrics => self.next_text(),
        };
        (!piece.is_empty()).then_some(piece)
    }
}

impl Pieces {
    fn next_text(&mut self) -> Vec<u8> {
        // The last series may go beyond.
        let mut text = String::with_capacity(ENOUGH + ENOUGH / 8);
        page::encode_from(&mut self.place, &self.snapshot, self.format, ENOUGH, &mut text);
        text.into_bytes()
    }

    fn next_messages(&mut self) -> Vec<u8> {
        let mut messages = Vec::new();
        while messages.len() < ENOUGH
            && let Some(family) = self.snapshot.families().get(self.family)
        {
            protobuf::encode_family(family, self.format, &mut messages);
            self.family += 1;
        }
        messages
    }
}
