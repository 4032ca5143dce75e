//! The messages of a body, counted as they pass.

/// Flag and length.
const HEAD_LENGTH: u8 = 5;

/// Counts the length-prefixed messages of a gRPC body as its chunks pass.
///
/// Chunks may be cut anywhere. A message counts once it has passed whole, compressed or not; nothing of it is kept.
/// A body with a flag that gRPC does not define is no gRPC body: nothing is said of it.
///
/// ```
/// use tower_telemetry_core::grpc::MessageCounter;
///
/// let mut counter = MessageCounter::new();
/// counter.read(b"\0\0\0\0\x02hi\x01\0\0");
/// assert_eq!(counter.messages(), Some(1));
/// counter.read(b"\0\0");
/// assert_eq!(counter.messages(), Some(2)); // the second is empty
/// counter.read(b"<html>");
/// assert_eq!(counter.messages(), None);
/// ```
///
/// The format is that of gRPC's [PROTOCOL-HTTP2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
#[derive(Clone, Copy, Debug)]
pub struct MessageCounter {
    place: Place,
    messages: u64,
}

/// Where in the sequence of messages the counter stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Within the flag and the length of a message, of which `seen` bytes have passed.
    Head { seen: u8, length: u32 },
    /// Within a message.
    Message { left: u32 },
    /// The body is no gRPC body.
    Stopped,
}

impl MessageCounter {
    /// A counter at the start of a body.
    #[must_use]
    pub const fn new() -> Self {
        Self { place: Place::START, messages: 0 }
    }

    /// Looks at the next chunk of the body.
    pub fn read(&mut self, mut chunk: &[u8]) {
        while !chunk.is_empty() {
            chunk = match self.place {
                Place::Head { seen: 0, .. } => self.whole_head(chunk),
                Place::Head { seen, length } => self.head(seen, length, chunk),
                Place::Message { left } => self.message(left, chunk),
                Place::Stopped => return,
            };
        }
    }

    /// How many messages have passed; `None` if the body is no gRPC body.
    #[must_use]
    pub const fn messages(&self) -> Option<u64> {
        match self.place {
            Place::Stopped => None,
            Place::Head { .. } | Place::Message { .. } => Some(self.messages),
        }
    }

    /// Most heads come in one piece.
    fn whole_head<'a>(&mut self, chunk: &'a [u8]) -> &'a [u8] {
        match chunk {
            [0 | 1, a, b, c, d, rest @ ..] => {
                self.begin(u32::from_be_bytes([*a, *b, *c, *d]));
                rest
            }
            _ => self.head(0, 0, chunk),
        }
    }

    fn head<'a>(&mut self, seen: u8, length: u32, chunk: &'a [u8]) -> &'a [u8] {
        let Some((&byte, rest)) = chunk.split_first() else { return chunk };
        match (seen, byte) {
            (0, 0 | 1) => self.place = Place::Head { seen: 1, length: 0 },
            (0, _) => self.place = Place::Stopped,
            _ => {
                let (seen, length) = (seen + 1, length << 8 | u32::from(byte));
                if seen < HEAD_LENGTH {
                    self.place = Place::Head { seen, length };
                } else {
                    self.begin(length);
                }
            }
        }
        rest
    }

    fn message<'a>(&mut self, left: u32, chunk: &'a [u8]) -> &'a [u8] {
        match chunk.split_at_checked(left as usize) {
            Some((_, rest)) => {
                self.begin(0);
                rest
            }
            None => {
                // Shorter than `left`, so its length fits.
                self.place = Place::Message { left: left - chunk.len() as u32 };
                &[]
            }
        }
    }

    /// A message of this length, or of what is left of it, begins; an empty one has passed.
    fn begin(&mut self, left: u32) {
        if left == 0 {
            self.messages += 1;
            self.place = Place::START;
        } else {
            self.place = Place::Message { left };
        }
    }
}

impl Default for MessageCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    const START: Self = Self::Head { seen: 0, length: 0 };
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn counted<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Option<u64> {
        let mut counter = MessageCounter::new();
        chunks.into_iter().for_each(|chunk| counter.read(chunk));
        counter.messages()
    }

    fn encoded(messages: &[(bool, Vec<u8>)]) -> Vec<u8> {
        let message = |(is_compressed, data): &(bool, Vec<u8>)| {
            let mut bytes = vec![u8::from(*is_compressed)];
            bytes.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(data);
            bytes
        };
        messages.iter().flat_map(message).collect()
    }

    #[test]
    fn a_message_counts_once_it_has_passed_whole() {
        let bytes = encoded(&[(false, b"hi".to_vec()), (true, Vec::new()), (false, b"x".to_vec())]);
        let expected = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3];
        for (end, expected) in expected.into_iter().enumerate() {
            assert_eq!(counted(bytes.get(..end)), Some(expected), "{end}");
        }
    }

    #[test]
    fn a_message_that_announces_more_than_comes_is_waited_for() {
        assert_eq!(counted([&b"\0\xff\xff\xff\xff"[..], &[0; 100_000]]), Some(0));
    }

    #[test]
    fn what_is_no_grpc_body_has_no_messages() {
        assert_eq!(counted([&b"<html></html>"[..]]), None);
        assert_eq!(counted([&b"\0\0\0\0\0"[..], b"\x80\0\0\0\0"]), None, "a frame of gRPC-Web");
        assert_eq!(counted([&b"\x1f\x8b"[..], b"\0\0\0\0\0"]), None);
    }

    proptest! {
        #[test]
        fn messages_are_counted_however_they_are_cut(
            messages in vec((any::<bool>(), vec(any::<u8>(), 0..40)), 0..8), size in 1_usize..20,
        ) {
            let bytes = encoded(&messages);
            prop_assert_eq!(counted(bytes.chunks(size)), Some(messages.len() as u64));
            prop_assert_eq!(counted([&bytes[..]]), Some(messages.len() as u64));
        }

        #[test]
        fn arbitrary_bytes_say_the_same_however_they_are_cut(bytes: Vec<u8>, size in 1_usize..20) {
            prop_assert_eq!(counted(bytes.chunks(size)), counted([&bytes[..]]));
        }
    }
}
